'use client';
import Link from 'next/link';
import { useSaid } from '@/components/plans/use-said';
import { Banner } from '@/components/shared/banner';
import { useHref } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { rich } from '@/components/ui/rich';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';

/** An ended reset can be taken back by another plan. */
export function UndoBanner({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  const href = useHref();
  const say = useSaid();
  if (job.kind !== 'reset' || !job.undo?.possible) return null;
  const { note } = job.undo;
  return (
    <Banner
      tone="viol"
      actions={
        <Link
          className={buttonClass('default', 'small')}
          href={href('/offsets/reset', { group: job.group, topic: job.topic, undo: job.id })}
        >
          <Icon name="undo" size={14} />
          {t('undo.act')}
        </Link>
      }
    >
      {t.rich('undo.sentence', {
        ...rich,
        group: job.group,
        actor: job.actor,
        time: f.time(job.endedAt ?? job.createdAt),
        before: f.time(job.startedAt ?? job.createdAt),
      })}
      {f.gap}
      {note ? say(t, `job_notes.${note.key}`, note.params) : null}
    </Banner>
  );
}
