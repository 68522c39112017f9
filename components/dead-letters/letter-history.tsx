'use client';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { brokerNames } from '@/components/shared/broker-names';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Figure } from '@/components/shared/figure';
import { Timeline } from '@/components/shared/timeline';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { useAttemptEvents } from '@/components/trace/use-attempt-events';
import { Skeleton } from '@/components/ui/skeleton';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';
import { traceQuery } from '@/lib/queries/trace';

/** Going through letters with `]` should not ask every broker for each. */
const REST_MS = 400;

type Props = { cluster: string | undefined; group: string; id: string; uniqKey: string };

/** The retry ladder it climbed, and its other copies. */
export function LetterHistory({ cluster, group, id, uniqKey }: Props) {
  const t = useT('dead-letters');
  const f = useFormat();
  const isResting = useRested(id);
  const query = useQuery({ ...traceQuery({ cluster, id: uniqKey, uniqKey }), enabled: isResting, retry: false });
  const own = query.data?.groups.find((entry) => entry.group === group);
  const events = useAttemptEvents(own);
  const failures = query.data?.failures ?? [];
  return (
    <>
      <section>
        <h3 className="h3">
          {t('drawer.history')}{' '}
          {own ? (
            <small>{t('drawer.attempts', { n: own.attempts.length, count: f.count(own.attempts.length) })}</small>
          ) : null}
        </h3>
        {query.error ? (
          <p className="small fg2">
            {t('drawer.historyFailed', { cause: query.error.message })}{' '}
            <button type="button" className="link" onClick={() => void query.refetch()}>
              {t('drawer.again')}
            </button>
          </p>
        ) : query.data ? (
          <>
            {events.length > 0 ? <Timeline events={events} label={t('drawer.history')} /> : null}
            {failures.length > 0 ? (
              <p className="small fg2">{t('drawer.unseen', { brokers: brokerNames(failures) })}</p>
            ) : events.length === 0 ? (
              <p className="small fg2">{t('drawer.noHistory')}</p>
            ) : null}
          </>
        ) : (
          <p aria-busy="true">
            <Skeleton width={180} />
          </p>
        )}
      </section>
      {query.data ? (
        <OtherCopies copies={query.data.stored.filter((copy) => copy.id !== id)} isPartial={failures.length > 0} />
      ) : null}
    </>
  );
}

function OtherCopies({ copies, isPartial }: { copies: TraceReply['stored']; isPartial: boolean }) {
  const t = useT('dead-letters');
  const f = useFormat();
  return (
    <section>
      <h3 className="h3">
        {t('drawer.copies')}{' '}
        <small>
          <Figure value={copies.length} partial={isPartial} />
        </small>
      </h3>
      {copies.length === 0 ? (
        <p className="small fg2">{t(isPartial ? 'drawer.noCopiesSeen' : 'drawer.noCopies')}</p>
      ) : null}
      <ul className="small">
        {copies.map((copy) => (
          <li key={copy.id} className="py-0.5">
            <When at={copy.storedAt} form="time" /> <span className="fw5">{copy.topic}</span>{' '}
            <span className="mono fg2">
              {copy.broker}/{copy.queueId} {f.count(copy.queueOffset)}
            </span>{' '}
            {copy.jobId ? (
              <ClusterLink className="link" href={`/jobs/${copy.jobId}`}>
                {t('byJob', { id: copy.jobId.slice(-6) })}
              </ClusterLink>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

function useRested(id: string): boolean {
  const [rested, setRested] = useState<string | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setRested(id), REST_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return rested === id;
}
