'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { useHref } from '@/components/shared/cluster-link';
import { DataTable } from '@/components/shared/data-table';
import { FilterBar, FilterChip, FilterText, RemovableFilter } from '@/components/shared/filter-bar';
import { PageHeader } from '@/components/shared/page-header';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import { Select } from '@/components/ui/select';
import type { JobKind } from '@/lib/contract/jobs';
import { JOB_KINDS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { jobListQuery, jobPagesQuery } from '@/lib/queries/jobs';
import { useKindWord } from './job-words';
import { countInput, JOB_FILTERS, jobsInput, jobsParams } from './search-params';
import { useJobColumns } from './use-job-columns';

/** Every write, newest first. */
export function JobsView() {
  const t = useT('jobs');
  const f = useFormat();
  const router = useRouter();
  const href = useHref();
  const kindWord = useKindWord();
  const [params, setParams] = useQueryStates(jobsParams, { history: 'replace' });
  const query = useInfiniteQuery(jobPagesQuery(jobsInput(params)));
  const active = useQuery(jobListQuery(countInput(params.cluster, 'active'))).data?.total;
  const open = useQuery(jobListQuery(countInput(params.cluster, 'unacknowledged'))).data?.total;
  const counts = { active, unacknowledged: open, ended: undefined };
  const pages = query.data?.pages;
  const last = pages?.at(-1);
  const rows = pages?.flatMap((page) => page.items);
  const columns = useJobColumns();
  const isFiltered = Boolean(params.q || params.state || params.kind || params.group);
  const clear = () => void setParams({ q: null, state: null, kind: null, group: null });
  return (
    <>
      <PageHeader
        title={t('title')}
        lead
        sentence={
          active === undefined || open === undefined
            ? null
            : t.rich('sentence', {
                ...rich,
                activeN: active,
                active: f.count(active),
                openN: open,
                open: f.count(open),
              })
        }
      />
      <FilterBar>
        <FilterText label={t('filter')} value={params.q} onChange={(q) => void setParams({ q: q || null })} />
        <FilterChip pressed={params.state === null} onPress={() => void setParams({ state: null })}>
          {t('filters.all')}
        </FilterChip>
        {JOB_FILTERS.map((state) => {
          const count = counts[state];
          return (
            <FilterChip
              key={state}
              pressed={params.state === state}
              onPress={() => void setParams({ state: params.state === state ? null : state })}
              count={count === undefined ? null : f.count(count)}
            >
              {t(`filters.${state}`)}
            </FilterChip>
          );
        })}
        <Select<JobKind | ''>
          label={t('columns.kind')}
          value={params.kind ?? ''}
          options={[
            { value: '', label: t('anyKind') },
            ...JOB_KINDS.map((kind) => ({ value: kind, label: kindWord(kind) })),
          ]}
          onChange={(kind) => void setParams({ kind: kind || null })}
        />
        {params.group ? (
          <RemovableFilter
            name={t('columns.group')}
            value={params.group}
            onRemove={() => void setParams({ group: null })}
          />
        ) : null}
      </FilterBar>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowKey={(job) => job.id}
        onOpen={(job) => router.push(href(`/jobs/${job.id}`))}
        pending={query.isPending}
        error={query.error}
        onRetry={() => void query.refetch()}
        lastGoodAt={last?.asOf}
        tight
        empty={
          isFiltered ? (
            <NoMatchState query={params.q || undefined} onClear={clear} />
          ) : (
            <EmptyState icon="redrive" title={t('empty.title')}>
              {t('empty.how')}
            </EmptyState>
          )
        }
        onLoadMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        loadingMore={query.isFetchingNextPage}
        footer={{ total: last?.total, note: <span className="hide-m">{t('oneWriter')}</span> }}
      />
    </>
  );
}
