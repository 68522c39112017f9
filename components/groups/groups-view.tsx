'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useHref } from '@/components/shared/cluster-link';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { ExportMenu } from '@/components/shared/export-menu';
import { ListView } from '@/components/shared/list-view';
import { NoNameMatch } from '@/components/shared/no-name-match';
import { EmptyState } from '@/components/shared/states';
import { useList } from '@/components/shared/use-list';
import { useT } from '@/lib/i18n/use-t';
import { groupListQuery } from '@/lib/queries/groups';
import { useGroupColumns } from './group-columns';
import { countAll, GroupsFilter } from './groups-filter';
import { groupsInput, groupsParams } from './search-params';
import { useGroupsSentence } from './use-groups-sentence';

export function GroupsView() {
  const t = useT('groups');
  const href = useHref();
  const [params, setParams] = useQueryStates(groupsParams);
  const list = useList(useInfiniteQuery(groupListQuery(groupsInput(params))));
  const { head } = list;
  const sentence = useGroupsSentence(head?.counts, params.q);
  const columns = useGroupColumns();
  const sortField = params.sort === 'status' ? 'statusUp' : params.sort.replace('-', '');
  const isFiltered = params.q !== '' || params.brokerCluster !== null || params.status !== null || params.has !== null;
  return (
    <ListView
      list={list}
      header={{
        title: t('title'),
        sentence,
        actions: (
          <>
            <ExportMenu name="groups" path="/api/groups" input={groupsInput(params)} />
            <CopyLinkButton />
          </>
        ),
      }}
      filter={
        <GroupsFilter
          params={params}
          onChange={setParams}
          counts={head?.counts}
          hidden={head?.hiddenSystem ?? 0}
          hiddenIdle={head?.hiddenIdle ?? 0}
        />
      }
      fill
      caption={t('caption')}
      columns={columns}
      rowKey={(row) => row.group}
      hrefOf={(row) => href('/groups/detail', { group: row.group })}
      sort={params.sort}
      onSort={(sort) => void setParams({ sort })}
      onClearSort={() => void setParams({ sort: null })}
      errorTitle={t('failed')}
      footer={{ sortWords: t.has(`sorted.${sortField}` as never) ? t(`sorted.${sortField}` as never) : undefined }}
      empty={
        isFiltered ? (
          <NoNameMatch
            kind="groups"
            cluster={params.cluster}
            query={params.q}
            total={countAll(head?.counts ?? {})}
            onClear={() => void setParams({ q: '', brokerCluster: null, status: null, has: null })}
          />
        ) : (
          <EmptyState icon="groups" title={t('empty.title')}>
            {t('empty.text')}
          </EmptyState>
        )
      }
    />
  );
}
