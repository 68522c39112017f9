'use client';
import { AccountStrip } from '@/components/shared/account-strip';
import { SplitBar } from '@/components/shared/meter';
import { Status } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { isMoving } from '@/lib/queries/jobs';
import { useOutcomeWord } from './job-words';
import { barParts, outcomeAt, outcomesInOrder, settledOf } from './outcome-looks';

/** The bar and the sum: everything that was selected is somewhere. */
export function JobAccount({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const word = useOutcomeWord();
  // An export has no other counts than these.
  if (job.exported && job.kind !== 'export' && isMoving(job.state)) {
    const { written, of } = job.exported;
    const parts = [{ id: 'EXPORTED', value: written, tone: 'ok' as const }];
    const values = { written: f.count(written), total: f.count(of) };
    return (
      <div className="mb12">
        <SplitBar parts={parts} total={of} label={t('exportBar', values)} />
      </div>
    );
  }
  if (job.total === 0) return null;
  const planned = plannedOf(job);
  const total = planned ?? job.total;
  const outcomes = outcomesInOrder(
    Object.fromEntries(Object.entries(job.outcomes).map(([name, count]) => [outcomeAt(job.state, name), count])),
  );
  const label = t('barLabel', { settled: f.count(settledOf(job.outcomes)), total: f.count(total) });
  return (
    <>
      <div className="mb8">
        <SplitBar parts={barParts(job.outcomes)} total={total} label={label} />
      </div>
      <AccountStrip
        total={{
          id: 'total',
          label: t(`unit.${job.kind}`),
          value: total,
          note: t('frozenAt', { time: f.time(job.createdAt) }),
        }}
        parts={outcomes.map(({ name, count, look }) => ({
          id: name,
          label: <Status {...look}>{word(name)}</Status>,
          value: count,
          note: t.has(noteKey(job, name)) ? t(noteKey(job, name)) : null,
        }))}
      />
    </>
  );
}

/** Of copies that the group itself does not receive it is only known that they are stored. */
function noteKey({ plan, kind }: JobDetail, outcome: string): never {
  const isElsewhere = plan?.kind === 'redrive' && plan.judged === false && outcome === 'CONFIRMED';
  const isUnread = kind === 'export' && (outcome === 'EXPIRED' || outcome === 'SKIPPED');
  return `outcome_notes.${isElsewhere ? 'CONFIRMED_ELSEWHERE' : isUnread ? `${outcome}_UNREAD` : outcome}` as never;
}

/** What was confirmed; the outcomes have to add up to it. Null where a job counts something else than its plan. */
function plannedOf({ plan, kind, topic }: JobDetail): number | null {
  if (plan?.kind === 'redrive' && kind === 'redrive') return plan.count;
  if (plan?.kind === 'reset' && kind === 'reset' && topic !== null) return plan.queues.length;
  return null;
}
