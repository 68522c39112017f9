'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useHref } from '@/components/shared/cluster-link';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { ExportMenu } from '@/components/shared/export-menu';
import { ListView } from '@/components/shared/list-view';
import { NoNameMatch } from '@/components/shared/no-name-match';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useList } from '@/components/shared/use-list';
import { Button } from '@/components/ui/button';
import { TOPIC_TYPES } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { topicListQuery } from '@/lib/queries/topics';
import { topicsInput, topicsParams } from './search-params';
import { useTopicColumns } from './topic-columns';
import { TopicsFilter } from './topics-filter';

export function TopicsView() {
  const t = useT('topics');
  const f = useFormat();
  const href = useHref();
  const [params, setParams] = useQueryStates(topicsParams);
  const list = useList(useInfiniteQuery(topicListQuery(topicsInput(params))));
  const { head, rows } = list;
  const columns = useTopicColumns();
  const all = TOPIC_TYPES.reduce((sum, type) => sum + (head?.counts[type] ?? 0), 0);
  const brokers = new Set(rows?.flatMap((row) => row.brokers)).size;
  const trouble = head?.counts.trouble ?? 0;
  const sentence = params.internal
    ? t('sentenceInternal', { n: all, count: f.count(all) })
    : t(head && head.inPerS !== null ? 'sentence' : 'sentenceNoRate', {
        n: all,
        count: f.count(all),
        brokers: f.count(brokers),
        brokersN: brokers,
        rate: f.rate(head?.inPerS ?? 0),
        trouble: f.count(trouble),
        troubleN: trouble,
      });
  const sortField = params.sort.replace('-', '');
  const isFiltered = params.q !== '' || params.brokerCluster !== null || params.type !== null || params.has !== null;
  return (
    <ListView
      list={list}
      header={{
        title: t('title'),
        sentence: all > 0 ? sentence : ' ',
        actions: (
          <>
            <ExportMenu name="topics" path="/api/topics" input={topicsInput(params)} />
            <CopyLinkButton />
          </>
        ),
      }}
      filter={
        <TopicsFilter params={params} onChange={setParams} counts={head?.counts} hidden={head?.hiddenInternal ?? 0} />
      }
      fill
      caption={t('caption')}
      columns={columns}
      rowKey={(row) => row.topic}
      hrefOf={(row) => href('/topics/detail', { topic: row.topic })}
      sort={params.sort}
      onSort={(sort) => void setParams({ sort })}
      onClearSort={() => void setParams({ sort: null })}
      errorTitle={t('failed')}
      footer={{ sortWords: t.has(`sorted.${sortField}` as never) ? t(`sorted.${sortField}` as never) : undefined }}
      empty={
        isFiltered ? (
          <NoNameMatch
            kind="topics"
            cluster={params.cluster}
            query={params.q}
            total={all}
            onClear={() => void setParams({ q: '', brokerCluster: null, type: null, has: null })}
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
  );
}
