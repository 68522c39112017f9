import { useCallback } from 'react';
import { useFormat } from './use-format';

export type SaidParams = Record<string, string | number>;

/**
 * Parameters of a sentence that came over the wire, written for reading: counts grouped, `…Ms` as durations,
 * `…PerS` as rates, `…Share` as percent, `…At` as times.
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
        if (name.endsWith('Ms')) said[name] = f.duration(value);
        else if (name.endsWith('PerS')) said[name] = f.rate(value);
        else if (name.endsWith('Share')) said[name] = f.percent(value);
        else if (name.endsWith('At')) said[name] = f.time(value);
        else said[name] = f.count(value);
        said[`${name}N`] = value;
      }
      return said;
    },
    [f],
  );
}
