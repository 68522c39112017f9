'use client';
import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useQueryStates } from 'nuqs';
import { PartialBanner } from '@/components/shared/banner';
import { brokerNames } from '@/components/shared/broker-names';
import { useHref } from '@/components/shared/cluster-link';
import { DataTable } from '@/components/shared/data-table';
import { FilterBar, FilterText } from '@/components/shared/filter-bar';
import { PageHeader, Section } from '@/components/shared/page-header';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { RetriesReply } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { retriesQuery } from '@/lib/queries/retries';
import { RetryLadder } from './retry-ladder';
import { retriesInput, retriesParams } from './search-params';
import { useGroupColumns } from './use-group-columns';

/** Every group with messages that wait for another attempt. */
export function RetriesView() {
  const t = useT('retries');
  const f = useFormat();
  const router = useRouter();
  const href = useHref();
  const [params, setParams] = useQueryStates(retriesParams, { history: 'replace' });
  const query = useQuery(retriesQuery(retriesInput(params)));
  const reply = query.data;
  const retry = () => void query.refetch();
  const columns = useGroupColumns({ isComplete: reply?.complete ?? true, partial: (reply?.failures.length ?? 0) > 0 });
  const wanted = params.q.trim().toLowerCase();
  const rows = reply?.groups.filter(({ group }) => group.toLowerCase().includes(wanted));
  return (
    <>
      <PartialBanner failures={reply?.failures} onRetry={retry} />
      <PageHeader title={t('title')} lead sentence={reply ? <Sentence reply={reply} /> : null} />
      {reply && reply.groups.length > 0 ? (
        <Section panel className="mb12" title={t('ladder.title')} note={t('ladder.allGroups')}>
          <RetryLadder rungs={reply.rungs} isComplete={reply.complete} />
        </Section>
      ) : null}
      {reply && reply.groups.length === 0 ? null : (
        <FilterBar>
          <FilterText label={t('filter')} value={params.q} onChange={(q) => void setParams({ q: q || null })} />
        </FilterBar>
      )}
      <DataTable
        caption={t('caption')}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.group}
        onOpen={(row) => router.push(href('/retries', { group: row.group }))}
        pending={query.isPending}
        error={query.error}
        errorTitle={t('unreadable')}
        onRetry={retry}
        empty={
          params.q && reply && reply.groups.length > 0 ? (
            <NoMatchState query={params.q} total={reply.groups.length} onClear={() => void setParams({ q: null })} />
          ) : reply && reply.failures.length > 0 ? (
            <EmptyState icon="unknown" title={t('empty.partialTitle')}>
              {t('empty.partial', { brokers: brokerNames(reply.failures) })}
            </EmptyState>
          ) : (
            <EmptyState icon="retries" title={t('empty.title')}>
              {reply ? t('empty.how', { time: f.when(reply.asOf) }) : null}
            </EmptyState>
          )
        }
        footer={{ total: reply?.groups.length, failures: reply?.failures, sortWords: t('sorted') }}
      />
    </>
  );
}

function Sentence({ reply }: { reply: RetriesReply }) {
  const t = useT('retries');
  const f = useFormat();
  const { totals, groups, complete } = reply;
  if (groups.length === 0) return reply.failures.length > 0 ? null : t('none');
  const waiting = totals.waiting ?? 0;
  const due = totals.due ?? 0;
  const next = groups.flatMap(({ nextDueAt }) => nextDueAt ?? []).sort((a, b) => a - b)[0];
  const isExact = complete && !totals.unknown;
  return (
    <>
      {t.rich(isExact ? 'totals' : 'totalsAtLeast', {
        ...rich,
        waiting: f.count(waiting),
        due: f.count(due),
        groups: groups.length,
        groupCount: f.count(groups.length),
      })}
      {f.gap}
      {next !== undefined && next > f.now ? t.rich('nextIn', { ...rich, left: f.duration(next - f.now) }) : null}
    </>
  );
}
