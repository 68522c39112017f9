import { useCallback } from 'react';
import { useSayParams } from '@/components/shared/say-params';
import { useUnknownReason } from '@/components/shared/wire-figure';
import { rich } from '@/components/ui/rich';
import type { Said } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

/** Parameters of a clause about a group, with the reasons and causes among them put into words. */
export function useSaid(): (said: Said) => object {
  const t = useT('why');
  const say = useSayParams();
  const reason = useUnknownReason();
  return useCallback(
    ({ params }) => {
      const code = `codes.${params.code ?? 'other'}`;
      return {
        ...rich,
        ...say(params),
        reasonText: params.reason === undefined ? '' : (reason(String(params.reason)) ?? ''),
        codeText: t.has(code as never) ? t(code as never) : t('codes.other'),
      };
    },
    [t, say, reason],
  );
}
