'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { isMoving, jobDetailQuery } from '@/lib/queries/jobs';
import { RunResult } from './run-result';

type Props = { cluster: string; group: string; jobId: string };

/** The run from the moment it was sent: waiting, then what came of it. */
export function RunProgress({ cluster, group, jobId }: Props) {
  const t = useT('run-once');
  const client = useQueryClient();
  const query = useQuery(jobDetailQuery({ cluster, id: jobId }));
  const job = query.data;
  const isGoing = job === undefined ? !query.isError : isMoving(job.state);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => place.current?.focus(), []);
  useEffect(() => {
    if (!isGoing) void client.invalidateQueries({ queryKey: ['letter-runs'] });
  }, [isGoing, client]);
  const toJob = (
    <ClusterLink className="link" href={`/jobs/${jobId}`}>
      {t('openJob')}
    </ClusterLink>
  );
  const chosen = job?.plan?.kind === 'run-once' ? job.plan.clientId : null;
  return (
    <div ref={place} tabIndex={-1} className="outline-none" aria-busy={isGoing}>
      {isGoing ? (
        <p role="status">
          <Icon name="busy" size={14} className="spin" /> {t('running', { client: chosen ?? '…' })}{' '}
          <span className="fg2">{t('runningMore')}</span>
        </p>
      ) : job?.run ? (
        <>
          <RunResult run={job.run} group={group} />
          <p className="small mt8">{toJob}</p>
        </>
      ) : (
        <p>
          {query.isError ? t('pollFailed') : t('noResult')} {toJob}
        </p>
      )}
    </div>
  );
}
