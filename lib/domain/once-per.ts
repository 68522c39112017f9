/** Computes once for each object; what came of it is kept as long as the object is. */
export function oncePer<Key extends object, Value>(compute: (of: Key) => Value): (of: Key) => Value {
  const kept = new WeakMap<Key, { value: Value }>();
  return (of) => {
    const before = kept.get(of);
    if (before) return before.value;
    const value = compute(of);
    kept.set(of, { value });
    return value;
  };
}
