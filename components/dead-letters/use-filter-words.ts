import { useFormat } from '@/components/shared/use-format';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { useFailureName } from './failure-name';
import type { LedgerParams } from './search-params';

/** What the list is narrowed to, in words: “Cause InventoryTimeoutException, Last 24 h”. Null when it is not. */
export function useFilterWords(params: LedgerParams, causes: readonly FailureRow[]): string | null {
  const t = useT('dead-letters');
  const f = useFormat();
  const nameOf = useFailureName();
  const { failure, tag, q, state, since, from, to } = params;
  const cause = causes.find(({ id }) => id === failure);
  const parts = [
    cause ? t('narrowed.cause', { cause: nameOf(cause) }) : null,
    tag ? t('failures.tag', { tag }) : null,
    q ? t('narrowed.text', { text: q }) : null,
    state === 'all' ? null : t(`filters.${state}`),
    since ? t(`ages.${since}`) : null,
    from === null ? null : t('narrowed.from', { time: f.time(from) }),
    to === null ? null : t('narrowed.to', { time: f.time(to) }),
  ].filter((part) => part !== null);
  return parts.length > 0 ? parts.join(t('narrowed.comma')) : null;
}
