'use client';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyButton } from '@/components/shared/copy-button';
import { ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import type { MemberThreads as Threads } from '@/lib/contract/threads';
import { useT } from '@/lib/i18n/use-t';
import { memberThreadsQuery } from '@/lib/queries/why';
import { ThreadStackItem } from './thread-stack';

/** Stacks of the member's threads, asked for by a press: the client stops for a moment to tell them. */
export function MemberThreads({ input }: { input: { cluster: string | undefined; group: string; clientId: string } }) {
  const t = useT('why');
  const query = useQuery(memberThreadsQuery(input));
  const { data, isFetching, error } = query;
  const read = () => void query.refetch();
  return (
    <section>
      <h3 className="h3">
        {t('threads.title')}
        <Button size="small" className="r" busy={isFetching} onClick={read}>
          {isFetching ? t('threads.reading') : data ? t('threads.again') : t('threads.read')}
        </Button>
      </h3>
      {error && !isFetching ? (
        <ErrorState error={error} title={t('threads.failed')} onRetry={read} />
      ) : data ? (
        <Stacks threads={data} />
      ) : isFetching ? (
        <Skeleton width={180} />
      ) : (
        <p className="fg3 small">{t('threads.hint')}</p>
      )}
    </section>
  );
}

function Stacks({ threads }: { threads: Threads }) {
  const t = useT('why');
  const f = useFormat();
  const [showsRaw, setShowsRaw] = useState(false);
  const { consume, others, raw } = threads;
  if (raw === null) return <p className="fg2">{t('threads.none')}</p>;
  const count = consume.reduce((sum, thread) => sum + thread.count, 0);
  return (
    <>
      <p className="fg3 small mb8">
        {count === 0
          ? t('threads.noneOfGroup', { threads: f.count(threads.threads) })
          : t('threads.note', {
              count: f.count(count),
              threads: f.count(threads.threads),
              time: f.time(threads.readAt),
              broker: threads.broker,
              tookMs: f.duration(threads.tookMs),
            })}
      </p>
      <ul>
        {consume.map((thread) => (
          <ThreadStackItem key={`${thread.kind} ${thread.names[0]}`} thread={thread} />
        ))}
      </ul>
      {others.length > 0 ? (
        <p className="fg3 small">
          {t('threads.others', {
            list: others.map(({ state, count: of }) => `${f.count(of)} ${state}`).join(t('separator')),
          })}
        </p>
      ) : null}
      <p className="flex mt8">
        <Button size="small" aria-expanded={showsRaw} onClick={() => setShowsRaw(!showsRaw)}>
          {t('threads.raw')}
        </Button>
        <CopyButton text={raw} what={t('threads.stack')} />
      </p>
      {showsRaw ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section className="code mt8" tabIndex={0} aria-label={t('threads.raw')}>
          {raw}
        </section>
      ) : null}
      {showsRaw && threads.isCut ? <p className="hint">{t('threads.cut')}</p> : null}
    </>
  );
}
