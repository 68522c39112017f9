'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { PartialBanner } from '@/components/shared/banner';
import { useHref } from '@/components/shared/cluster-link';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { DataTable } from '@/components/shared/data-table';
import { PageHeader } from '@/components/shared/page-header';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useNearest } from '@/components/shared/use-nearest';
import { useT } from '@/lib/i18n/use-t';
import { groupListQuery } from '@/lib/queries/groups';
import { useGroupColumns } from './group-columns';
import { countAll, GroupsFilter } from './groups-filter';
import { groupsInput, groupsParams } from './search-params';
import { useGroupsSentence } from './use-groups-sentence';

export function GroupsView() {
  const t = useT('groups');
  const router = useRouter();
  const href = useHref();
  const [params, setParams] = useQueryStates(groupsParams);
  const query = useInfiniteQuery(groupListQuery(groupsInput(params)));
  const head = query.data?.pages.at(-1);
  const sentence = useGroupsSentence(head?.counts, params.q);
  const columns = useGroupColumns();
  const sortField = params.sort === 'status' ? 'statusUp' : params.sort.replace('-', '');
  const isFiltered = params.q !== '' || params.status !== null || params.has !== null;
  const nearest = useNearest('groups', params.q, {
    cluster: params.cluster ?? undefined,
    enabled: head?.total === 0,
  });
  const retry = () => void query.refetch();

  return (
    <>
      <PartialBanner failures={head?.failures} onRetry={retry} />
      <PageHeader title={t('title')} sentence={sentence} actions={<CopyLinkButton />} />
      <GroupsFilter params={params} onChange={setParams} counts={head?.counts} hidden={head?.hiddenSystem ?? 0} />
      <DataTable
        fill
        caption={t('caption')}
        columns={columns}
        rows={query.data?.pages.flatMap((page) => page.items)}
        rowKey={(row) => row.group}
        onOpen={(row) => router.push(href('/groups/detail', { group: row.group }))}
        sort={params.sort}
        onSort={(sort) => void setParams({ sort })}
        pending={query.isPending}
        error={query.error}
        errorTitle={t('failed')}
        onRetry={retry}
        lastGoodAt={query.dataUpdatedAt || undefined}
        onLoadMore={query.hasNextPage ? () => void query.fetchNextPage() : undefined}
        loadingMore={query.isFetchingNextPage}
        footer={{
          total: head?.total,
          sortWords: t.has(`sorted.${sortField}` as never) ? t(`sorted.${sortField}` as never) : undefined,
          failures: head?.failures,
        }}
        empty={
          isFiltered ? (
            <NoMatchState
              query={params.q || undefined}
              nearest={nearest}
              total={params.q ? undefined : countAll(head?.counts ?? {})}
              onClear={() => void setParams({ q: '', status: null, has: null })}
            />
          ) : (
            <EmptyState icon="groups" title={t('empty.title')}>
              {t('empty.text')}
            </EmptyState>
          )
        }
      />
    </>
  );
}
