'use client';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { DeadLetterGroupRow, DeadLettersReply } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';

const DAY_MS = 86_400_000;

/** “4 146 open in 6 groups. 101 arrived in the last hour, 96 of them in orders-fulfilment. Next to expire: crm-sync, in 5 h 20 min.” */
export function GroupsSentence({
  rows,
  isWhole,
  reply,
}: {
  rows: readonly DeadLetterGroupRow[];
  /** All pages are here, so the sum is the sum. */
  isWhole: boolean;
  reply: DeadLettersReply;
}) {
  const t = useT('dead-letters');
  const f = useFormat();
  if (rows.length === 0) return reply.failures.length > 0 ? null : t('none');
  const letters = rows.reduce((sum, { open }) => sum + (open ?? 0), 0);
  const lastHour = rows.reduce((sum, row) => sum + row.lastHour, 0);
  const [fastest] = [...rows].sort((a, b) => b.lastHour - a.lastHour);
  const isExact = isWhole && reply.failures.length === 0 && rows.every(({ count }) => count !== null);
  const next = rows
    .filter(({ expiresAt }) => expiresAt !== null)
    .sort((a, b) => (a.expiresAt ?? 0) - (b.expiresAt ?? 0))[0];
  const left = (next?.expiresAt ?? 0) - f.now;
  return (
    <>
      {t.rich(isExact ? 'totals' : 'totalsAtLeast', {
        ...rich,
        n: letters,
        letters: f.count(letters),
        groups: reply.total,
        groupCount: f.count(reply.total),
      })}
      {f.gap}
      {fastest && lastHour > 0
        ? t.rich('arrived', {
            ...rich,
            count: f.count(lastHour),
            most: f.count(fastest.lastHour),
            group: fastest.group,
          })
        : null}
      {f.gap}
      {next && left > 0 && left < 30 * DAY_MS
        ? t.rich('nextToExpire', { ...rich, group: next.group, left: f.duration(left) })
        : null}
      {next && left <= 0 ? t.rich('mayBeGone', { ...rich, group: next.group }) : null}
    </>
  );
}
