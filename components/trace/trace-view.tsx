'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useEffect, useState } from 'react';
import { PartialBanner } from '@/components/shared/banner';
import { PageHeader } from '@/components/shared/page-header';
import { EmptyState, ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { traceQuery } from '@/lib/queries/trace';
import { traceParams } from './search-params';
import { TraceBox } from './trace-box';
import { TraceIntro } from './trace-intro';
import { hasAnything, TraceResult } from './trace-result';
import { useRecentIds } from './use-recent-ids';

/** The life of one message over all groups. */
export function TraceView() {
  const t = useT('trace');
  const client = useQueryClient();
  const [params, setParams] = useQueryStates(traceParams, { history: 'push' });
  const { id } = params;
  const options = traceQuery({
    cluster: params.cluster ?? undefined,
    id,
    uniqKey: params.uniqKey ?? undefined,
  });
  const query = useQuery({ ...options, enabled: id !== '', retry: false, refetchOnWindowFocus: false });
  const reply = query.data;
  const recent = useRecentIds(reply?.found ? id : null);
  const search = (next: string) => {
    if (next === id && next !== '') return void query.refetch();
    void setParams({ id: next || null, uniqKey: null });
  };
  const isStopped = id !== '' && query.isPending && query.fetchStatus === 'idle';
  return (
    <>
      <PartialBanner failures={reply?.failures} onRetry={() => void query.refetch()} />
      {reply && hasAnything(reply) ? null : <PageHeader title={t('title')} />}
      <TraceBox
        value={id}
        isSearching={query.isFetching}
        onSearch={search}
        onStop={() => void client.cancelQueries({ queryKey: options.queryKey })}
      />
      {id === '' ? <TraceIntro recent={recent} onSearch={search} /> : null}
      {query.isFetching && !reply ? <Searching key={id} /> : null}
      {isStopped ? (
        <div className="tw">
          <EmptyState
            icon="stop"
            title={t('stopped')}
            actions={<Button onClick={() => void query.refetch()}>{t('again')}</Button>}
          >
            {t('stoppedHow')}
          </EmptyState>
        </div>
      ) : null}
      {query.error && !reply ? (
        <div className="tw">
          <ErrorState error={query.error} title={t('failed')} onRetry={() => void query.refetch()} />
        </div>
      ) : null}
      {reply && id !== '' ? (
        <TraceResult
          reply={reply}
          isRefreshing={query.isFetching}
          scale={params.scale}
          onScale={(scale) => void setParams({ scale }, { history: 'replace' })}
          onPick={(uniqKey) => void setParams({ uniqKey })}
          onRefresh={() => void query.refetch()}
        />
      ) : null}
    </>
  );
}

const LIMIT_MS = 5_000;

function Searching() {
  const t = useT('trace');
  const f = useFormat();
  const [tookMs, setTook] = useState(0);
  useEffect(() => {
    const startedAt = performance.now();
    const timer = setInterval(() => setTook(Math.round((performance.now() - startedAt) / 100) * 100), 200);
    return () => clearInterval(timer);
  }, []);
  return (
    <div className="scan" role="status" aria-label={t('searching')}>
      <p>
        {t('searching')}{' '}
        <span className="n fg2" aria-hidden="true">
          {t('soFar', { took: f.duration(tookMs), most: f.duration(LIMIT_MS) })}
        </span>
      </p>
    </div>
  );
}
