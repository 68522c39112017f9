import { useCallback } from 'react';
import { useSayParams } from '@/components/shared/say-params';
import { useCause } from '@/components/shared/use-cause';

type Params = Record<string, string | number>;
type LooseTranslator = { (key: string, params?: Params): string; has(key: string): boolean };

/** A sentence that came over the wire as key and parameters, with the cause if they name one. Null without a text for it. */
export function useSaid(): (t: unknown, path: string, params?: Params) => string | null {
  const say = useSayParams();
  const causeOf = useCause();
  return useCallback(
    (translator, path, params = {}) => {
      const t = translator as LooseTranslator;
      if (!t.has(path)) return null;
      const cause = causeOf(params.cause, params);
      return [t(path, say(params)), cause?.text, cause?.next].filter(Boolean).join(' ');
    },
    [say, causeOf],
  );
}
