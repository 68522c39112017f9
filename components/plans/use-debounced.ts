import { useEffect, useState } from 'react';

/** The value once it has rested for a while. */
export function useDebounced<V>(value: V, waitMs: number): V {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), waitMs);
    return () => clearTimeout(timer);
  }, [value, waitMs]);
  return rested;
}
