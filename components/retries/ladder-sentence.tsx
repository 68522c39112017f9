'use client';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { RetriesReply } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';

const MINUTE_MS = 60_000;

/** “318 wait for another attempt, the next in 4 s. 12 are due and not taken.” */
export function LadderSentence({ reply }: { reply: RetriesReply }) {
  const t = useT('retries');
  const f = useFormat();
  const { waiting, due } = reply.totals;
  const next = reply.groups[0]?.nextDueAt ?? null;
  const dueText =
    due !== null && due > 0
      ? t.rich('sentence.due', { ...rich, n: due, count: f.count(due) })
      : t(reply.failures.length > 0 ? 'sentence.noneDuePartial' : 'sentence.noneDue');
  if (reply.totals.unknown?.waiting === 'pop_hidden')
    return (
      <>
        {dueText}
        {f.gap}
        {t('sentence.pop')}
      </>
    );
  if (waiting === null || due === null) return t('sentence.unknown');
  if (waiting === 0 && due === 0) {
    if (reply.failures.length > 0) return t('sentence.nonePartial');
    return reply.complete ? t('sentence.none') : t('sentence.noneAtLeast');
  }
  return (
    <>
      {waiting === 0
        ? t(reply.complete ? 'sentence.noneWaiting' : 'sentence.noneFound')
        : t.rich(reply.complete ? 'sentence.waiting' : 'sentence.waitingAtLeast', {
            ...rich,
            n: waiting,
            count: f.count(waiting),
          })}
      {waiting > 0 && next !== null && next > f.now
        ? t.rich('sentence.next', { ...rich, left: f.duration(next - f.now) })
        : null}
      {waiting > 0 ? t('sentence.stop') : null}
      {f.gap}
      {dueText}
    </>
  );
}

/** What stands before the dead letters, and what comes within a minute. */
export function LastRungNote({ reply }: { reply: RetriesReply }) {
  const t = useT('retries');
  const f = useFormat();
  const last = reply.rungs.at(-1);
  const soon = reply.messages.filter(
    ({ where, dueAt }) => where === 'waiting' && dueAt !== null && dueAt - f.now <= MINUTE_MS,
  ).length;
  const parts = [
    last && last.waiting > 0
      ? t.rich('lastRung', {
          ...rich,
          n: last.waiting,
          count: f.count(last.waiting),
          left: last.nextDueAt === null ? '?' : f.duration(Math.max(0, last.nextDueAt - f.now)),
        })
      : null,
    soon > 0 ? t('withinMinute', { n: soon, count: f.count(soon) }) : null,
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return (
    <p className="small fg2 mt8">
      {parts[0]}
      {f.gap}
      {parts[1]}
    </p>
  );
}
