'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { brokerNames } from '@/components/shared/broker-names';
import { useHref } from '@/components/shared/cluster-link';
import { FilterBar, FilterChips, FilterText, FilterTrack } from '@/components/shared/filter-bar';
import { ListView } from '@/components/shared/list-view';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useList } from '@/components/shared/use-list';
import { LETTER_EXPIRY_HOURS, LETTER_GROUP_FILTERS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { deadLetterGroupsQuery } from '@/lib/queries/dead-letters';
import { GroupsSentence } from './groups-sentence';
import { NewLettersChart } from './new-letters-chart';
import { RecentJobs } from './recent-jobs';
import { groupsInput, groupsParams } from './search-params';
import { useGroupColumns } from './use-group-columns';

const DEFAULT_SORT = '-open';

/** All groups with dead letters. */
export function GroupsView() {
  const t = useT('dead-letters');
  const f = useFormat();
  const href = useHref();
  const [params, setParams] = useQueryStates(groupsParams, { history: 'replace' });
  const list = useList(useInfiniteQuery(deadLetterGroupsQuery(groupsInput(params))));
  const { head, rows } = list;
  const columns = useGroupColumns();
  return (
    <ListView
      list={list}
      header={{
        title: t('title'),
        lead: true,
        sentence: rows && head ? <GroupsSentence rows={rows} isWhole={!head.nextCursor} reply={head} /> : null,
      }}
      above={
        head && rows && rows.length > 0 ? (
          <NewLettersChart
            hours={head.hours}
            to={head.asOf}
            isPartial={rows.some(({ read, count }) => read < (count ?? 0))}
          />
        ) : null
      }
      below={<RecentJobs cluster={params.cluster ?? undefined} />}
      filter={
        <FilterBar>
          <FilterText label={t('filter')} value={params.q} onChange={(q) => void setParams({ q: q || null })} />
          <FilterTrack>
            <FilterChips
              value={params.only}
              options={LETTER_GROUP_FILTERS.map((value) => ({
                value,
                label: t(`only.${value}`),
                count: head && f.count(head.counts[value]),
              }))}
              onChange={(only) => void setParams({ only })}
            />
            <FilterChips
              value={params.within === null ? null : String(params.within)}
              options={LETTER_EXPIRY_HOURS.map((hours) => ({
                value: String(hours),
                label: t('expiringWithin', { hours }),
                count: head && f.count(head.expiring[hours] ?? 0),
              }))}
              onChange={(within) => void setParams({ within: within === null ? null : Number(within) })}
            />
          </FilterTrack>
        </FilterBar>
      }
      caption={t('caption')}
      columns={columns}
      rowKey={(row) => row.group}
      hrefOf={(row) => href('/dead-letters/group', { group: row.group })}
      sort={params.sort ?? DEFAULT_SORT}
      onSort={(sort) => void setParams({ sort: sort === DEFAULT_SORT ? null : sort })}
      onClearSort={() => void setParams({ sort: null })}
      errorTitle={t('unreadable')}
      twoLine
      tight
      footer={{
        note: <span className="hide-m ell">{t('estimate')}</span>,
      }}
      empty={
        params.q || params.only || params.within !== null ? (
          <NoMatchState query={params.q} onClear={() => void setParams({ q: null, only: null, within: null })} />
        ) : head && head.failures.length > 0 ? (
          <EmptyState icon="unknown" title={t('empty.partialTitle')}>
            {t('empty.partial', { brokers: brokerNames(head.failures) })}
          </EmptyState>
        ) : (
          <EmptyState title={t('empty.title')}>{head ? t('empty.how', { time: f.when(head.asOf) }) : null}</EmptyState>
        )
      }
    />
  );
}
