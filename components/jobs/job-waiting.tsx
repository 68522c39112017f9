'use client';
import { Banner } from '@/components/shared/banner';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';
import { isMoving } from '@/lib/queries/jobs';

/** Whom a job under way waits for, since when, and how many letters go on without them. Nothing while all brokers answer. */
export function JobWaiting({ job: { state, progress, outcomes } }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const waiting = progress?.waiting;
  if (!waiting || !isMoving(state)) return null;
  const others = waiting.letters === null ? null : Math.max(0, (outcomes.SELECTED ?? 0) - waiting.letters);
  return (
    <Banner tone="warn" className="mb12">
      {waiting.brokers.map(({ broker, since, reason, code }) => (
        <span key={broker}>
          {t.rich(`waiting.${reason}`, { ...rich, broker, time: f.time(since), code: code ?? 0 })}{' '}
        </span>
      ))}
      {state === 'VERIFYING'
        ? null
        : others === null
          ? t('waiting.othersUnknown')
          : others === 0
            ? t('waiting.nothingElse')
            : t.rich('waiting.othersGoOn', { ...rich, others, n: f.count(others) })}
    </Banner>
  );
}
