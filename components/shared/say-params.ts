import { useCallback } from 'react';
import { useFormat } from './use-format';

export type SaidParams = Record<string, string | number>;

/**
 * Parameters of a sentence that came over the wire, written for reading: counts grouped, `…Ms` as durations.
 * `<name>N` stays the bare number, for plurals.
 */
export function useSayParams(): (params: Record<string, string | number>) => SaidParams {
  const f = useFormat();
  return useCallback(
    (params) => {
      const said: SaidParams = {};
      for (const [name, value] of Object.entries(params)) {
        if (typeof value === 'string') {
          said[name] = value;
          continue;
        }
        said[name] = name.endsWith('Ms') ? f.duration(value) : f.count(value);
        said[`${name}N`] = value;
      }
      return said;
    },
    [f],
  );
}
