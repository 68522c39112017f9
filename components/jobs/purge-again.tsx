'use client';
import Link from 'next/link';
import { ReturnedBanner } from '@/components/purge/returned-banner';
import { useHref } from '@/components/shared/cluster-link';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import type { JobDetail } from '@/lib/contract/jobs';
import { useT } from '@/lib/i18n/use-t';

/** To the plan of another purge of the same group; nothing is deleted before that is confirmed. */
export function PurgeAgain({ job, children }: { job: JobDetail; children: string }) {
  const href = useHref();
  return (
    <Link
      className={buttonClass('default', 'small')}
      href={href('/dead-letters/group', { group: job.group, act: 'purge' })}
    >
      <Icon name="trash" size={14} />
      {children}
    </Link>
  );
}

/** What came back after this purge. */
export function PurgeReturned({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const act = <PurgeAgain job={job}>{t('returned.again')}</PurgeAgain>;
  return <ReturnedBanner returned={job.returned} jobId={job.id} act={act} />;
}
