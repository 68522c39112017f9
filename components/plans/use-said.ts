import { useCallback } from 'react';
import { useSayParams } from '@/components/shared/say-params';

type Params = Record<string, string | number>;
type LooseTranslator = { (key: string, params?: Params): string; has(key: string): boolean };

/** A sentence that came over the wire as key and parameters. Null without a text for it. */
export function useSaid(): (t: unknown, path: string, params?: Params) => string | null {
  const say = useSayParams();
  return useCallback(
    (translator, path, params = {}) => {
      const t = translator as LooseTranslator;
      return t.has(path) ? t(path, say(params)) : null;
    },
    [say],
  );
}
