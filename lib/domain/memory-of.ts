const KEY = Symbol.for('redrive.memory');

/**
 * What is remembered for as long as `owner` lives, made on first use. It hangs on the object itself: in a standalone build a
 * module's variables exist once per bundle, so what a page left in them would never reach the background.
 */
export function memoryOf<Memory>(owner: object, name: string, make: () => Memory): Memory {
  const holder = owner as { [KEY]?: Map<string, unknown> };
  if (!holder[KEY]) Object.defineProperty(holder, KEY, { value: new Map<string, unknown>() });
  const memories = holder[KEY] as Map<string, unknown>;
  if (!memories.has(name)) memories.set(name, make());
  return memories.get(name) as Memory;
}
