'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { PartialBanner } from '@/components/shared/banner';
import { useHref } from '@/components/shared/cluster-link';
import { DataTable } from '@/components/shared/data-table';
import { FilterBar, FilterText } from '@/components/shared/filter-bar';
import { PageHeader } from '@/components/shared/page-header';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useT } from '@/lib/i18n/use-t';
import { deadLetterGroupsQuery } from '@/lib/queries/dead-letters';
import { GroupsSentence } from './groups-sentence';
import { groupsInput, groupsParams } from './search-params';
import { useGroupColumns } from './use-group-columns';

const DEFAULT_SORT = '-count';

/** All groups with dead letters. */
export function GroupsView() {
  const t = useT('dead-letters');
  const f = useFormat();
  const router = useRouter();
  const href = useHref();
  const [params, setParams] = useQueryStates(groupsParams, { history: 'replace' });
  const query = useInfiniteQuery(deadLetterGroupsQuery(groupsInput(params)));
  const pages = query.data?.pages;
  const last = pages?.at(-1);
  const rows = pages?.flatMap((page) => page.items);
  const columns = useGroupColumns();
  const retry = () => void query.refetch();
  return (
    <>
      <PartialBanner failures={last?.failures} onRetry={retry} />
      <PageHeader
        title={t('title')}
        lead
        sentence={rows && last ? <GroupsSentence rows={rows} isWhole={!last.nextCursor} reply={last} /> : null}
      />
      <FilterBar>
        <FilterText label={t('filter')} value={params.q} onChange={(q) => void setParams({ q: q || null })} />
        <span className="sp" />
        <span className="say hide-m">{t('neverRemoved')}</span>
      </FilterBar>
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.group}
        onOpen={(row) => router.push(href('/dead-letters/group', { group: row.group }))}
        sort={params.sort ?? DEFAULT_SORT}
        onSort={(sort) => void setParams({ sort: sort === DEFAULT_SORT ? null : sort })}
        pending={query.isPending}
        error={query.error}
        errorTitle={t('unreadable')}
        onRetry={retry}
        lastGoodAt={last?.asOf}
        twoLine
        tight
        empty={
          params.q ? (
            <NoMatchState query={params.q} onClear={() => void setParams({ q: null })} />
          ) : last && last.failures.length > 0 ? (
            <EmptyState icon="unknown" title={t('empty.partialTitle')}>
              {t('empty.partial', { brokers: [...new Set(last.failures.map(({ broker }) => broker))].join(', ') })}
            </EmptyState>
          ) : (
            <EmptyState title={t('empty.title')}>
              {last ? t('empty.how', { time: f.when(last.asOf) }) : null}
            </EmptyState>
          )
        }
        onLoadMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        loadingMore={query.isFetchingNextPage}
        footer={{ total: last?.total, failures: last?.failures, note: <span className="hide-m">{t('estimate')}</span> }}
      />
    </>
  );
}
