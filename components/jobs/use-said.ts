import { useCallback } from 'react';
import { useFormat } from '@/components/shared/use-format';

type Params = Record<string, string | number>;
type LooseTranslator = { (key: string, params?: Params): string; has(key: string): boolean; raw(key: string): unknown };

/**
 * A sentence that came over the wire as key and parameters. Counts are grouped and `…Ms` written as durations, except
 * where the text writes a plural with `#`, which needs the bare number; `<name>N` is always bare. Without a text: null.
 */
export function useSaid(): (t: unknown, path: string, params?: Params) => string | null {
  const f = useFormat();
  return useCallback(
    (translator, path, params = {}) => {
      const t = translator as LooseTranslator;
      if (!t.has(path)) return null;
      const text = String(t.raw(path));
      const hasBareNumber = text.includes('#');
      const said: Params = {};
      for (const [name, value] of Object.entries(params)) {
        if (typeof value === 'number') said[`${name}N`] = value;
        if (typeof value === 'string' || (hasBareNumber && text.includes(`{${name}, `))) said[name] = value;
        else said[name] = name.endsWith('Ms') ? f.duration(value) : f.count(value);
      }
      return t(path, said).replace(/(?<=\d),(?=\d{3})/g, '\u202f');
    },
    [f],
  );
}
