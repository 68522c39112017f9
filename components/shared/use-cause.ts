import { useCallback } from 'react';
import { useT } from '@/lib/i18n/use-t';

type Params = Readonly<Record<string, string | number | null>>;
type LooseTranslator = { (key: string, params?: object): string; has(key: string): boolean };

export interface CauseWords {
  text: string;
  /** What to do about it. */
  next: string;
}

/** Why a server turned Redrive away or could not be reached; null for a code that says nothing beyond that. */
export function useCause(): (code: string | number | null | undefined, params?: Params) => CauseWords | null {
  const words = useT('common');
  return useCallback(
    (code, params = {}) => {
      const t = words as unknown as LooseTranslator;
      if (!code || !t.has(`cause.${code}`)) return null;
      return { text: t(`cause.${code}`, params), next: t(`causeNext.${code}`) };
    },
    [words],
  );
}
