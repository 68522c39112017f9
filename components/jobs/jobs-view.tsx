'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useHref } from '@/components/shared/cluster-link';
import { FilterBar, FilterChip, FilterChips, FilterText, RemovableFilter } from '@/components/shared/filter-bar';
import { ListView } from '@/components/shared/list-view';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useList } from '@/components/shared/use-list';
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
  const href = useHref();
  const kindWord = useKindWord();
  const [params, setParams] = useQueryStates(jobsParams, { history: 'replace' });
  const list = useList(useInfiniteQuery(jobPagesQuery(jobsInput(params))));
  const active = useQuery(jobListQuery(countInput(params.cluster, 'active'))).data?.total;
  const open = useQuery(jobListQuery(countInput(params.cluster, 'unacknowledged'))).data?.total;
  const counts = { active, unacknowledged: open, ended: undefined };
  const columns = useJobColumns();
  const isFiltered = Boolean(params.q || params.state || params.kind || params.group);
  const clear = () => void setParams({ q: null, state: null, kind: null, group: null });
  return (
    <ListView
      list={list}
      header={{
        title: t('title'),
        lead: true,
        sentence:
          active === undefined || open === undefined
            ? null
            : t.rich('sentence', {
                ...rich,
                activeN: active,
                active: f.count(active),
                openN: open,
                open: f.count(open),
              }),
      }}
      filter={
        <FilterBar>
          <FilterText label={t('filter')} value={params.q} onChange={(q) => void setParams({ q: q || null })} />
          <FilterChip pressed={params.state === null} onPress={() => void setParams({ state: null })}>
            {t('filters.all')}
          </FilterChip>
          <FilterChips
            value={params.state}
            onChange={(state) => void setParams({ state })}
            options={JOB_FILTERS.map((state) => ({
              value: state,
              label: t(`filters.${state}`),
              count: counts[state] === undefined ? null : f.count(counts[state]),
            }))}
          />
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
      }
      caption={t('caption')}
      columns={columns}
      rowKey={(job) => job.id}
      hrefOf={(job) => href(`/jobs/${job.id}`)}
      tight
      footer={{ note: <span className="hide-m">{t('oneWriter')}</span> }}
      empty={
        isFiltered ? (
          <NoMatchState query={params.q || undefined} onClear={clear} />
        ) : (
          <EmptyState icon="redrive" title={t('empty.title')}>
            {t('empty.how')}
          </EmptyState>
        )
      }
    />
  );
}
