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
import { useFormat } from '@/components/shared/use-format';
import { useNearest } from '@/components/shared/use-nearest';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { topicListQuery } from '@/lib/queries/topics';
import { topicsInput, topicsParams } from './search-params';
import { useTopicColumns } from './topic-columns';
import { TopicsFilter } from './topics-filter';

export function TopicsView() {
  const t = useT('topics');
  const f = useFormat();
  const router = useRouter();
  const href = useHref();
  const [params, setParams] = useQueryStates(topicsParams);
  const query = useInfiniteQuery(topicListQuery(topicsInput(params)));
  const head = query.data?.pages.at(-1);
  const rows = query.data?.pages.flatMap((page) => page.items);
  const columns = useTopicColumns();
  const all = Object.values(head?.counts ?? {}).reduce((sum, count) => sum + count, 0);
  const brokers = new Set(rows?.flatMap((row) => row.brokers)).size;
  const sortField = params.sort.replace('-', '');
  const isFiltered = params.q !== '' || params.type !== null;
  const nearest = useNearest('topics', params.q, {
    cluster: params.cluster ?? undefined,
    enabled: head?.total === 0,
  });
  const retry = () => void query.refetch();

  return (
    <>
      <PartialBanner failures={head?.failures} onRetry={retry} />
      <PageHeader
        title={t('title')}
        sentence={
          head && all > 0
            ? params.internal
              ? t('sentenceInternal', { n: all, count: f.count(all) })
              : t('sentence', { n: all, count: f.count(all), brokers: f.count(brokers), brokersN: brokers })
            : ' '
        }
        actions={<CopyLinkButton />}
      />
      <TopicsFilter params={params} onChange={setParams} counts={head?.counts} hidden={head?.hiddenInternal ?? 0} />
      <DataTable
        fill
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.topic}
        onOpen={(row) => router.push(href('/topics/detail', { topic: row.topic }))}
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
              total={params.q ? undefined : all}
              onClear={() => void setParams({ q: '', type: null })}
            />
          ) : (
            <EmptyState
              icon="topics"
              title={t('empty.title')}
              actions={<Button onClick={() => void setParams({ internal: 'true' })}>{t('empty.show')}</Button>}
            >
              {t('empty.text')}
            </EmptyState>
          )
        }
      />
    </>
  );
}
