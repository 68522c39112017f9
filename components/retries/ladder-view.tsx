'use client';
import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { PartialBanner } from '@/components/shared/banner';
import { brokerNames } from '@/components/shared/broker-names';
import { ClusterLink } from '@/components/shared/cluster-link';
import { DataTable } from '@/components/shared/data-table';
import { PageHeader, Section } from '@/components/shared/page-header';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { buttonClass } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { retriesQuery } from '@/lib/queries/retries';
import { LadderSentence, LastRungNote } from './ladder-sentence';
import { RetryDrawer } from './retry-drawer';
import { RetryLadder } from './retry-ladder';
import { retriesInput, retriesParams } from './search-params';
import { useMessageColumns } from './use-message-columns';

/** The retry ladder of one group and the messages on it. */
export function LadderView() {
  const t = useT('retries');
  const f = useFormat();
  const [params, setParams] = useQueryStates(retriesParams, { history: 'replace' });
  const query = useQuery(retriesQuery(retriesInput(params)));
  const reply = query.data;
  const columns = useMessageColumns();
  const own = reply?.groups[0];
  const open = (message: string | null) => void setParams({ message });
  const retry = () => void query.refetch();
  const group = params.group ?? '';
  const inRetry =
    reply && reply.totals.waiting !== null && reply.totals.due !== null
      ? reply.totals.waiting + reply.totals.due
      : undefined;
  return (
    <>
      <PartialBanner failures={reply?.failures} onRetry={retry} />
      <PageHeader
        title={group}
        beside={<span className="fg3 dlqn mono">%RETRY%{group}</span>}
        lead
        sentence={reply ? <LadderSentence reply={reply} /> : null}
        actions={
          <>
            <ClusterLink className={buttonClass()} href="/dead-letters/group" params={{ group }}>
              <Icon name="dead-letters" />
              {own?.deadLetters ? t('deadLetters', { count: f.count(own.deadLetters) }) : t('deadLettersPlain')}
            </ClusterLink>
            <ClusterLink className={buttonClass()} href="/groups/detail" params={{ group }}>
              <Icon name="groups" />
              {t('toGroup')}
            </ClusterLink>
          </>
        }
      />
      {reply && reply.rungs.length > 0 ? (
        <Section
          panel
          className="mb12"
          title={t('ladder.title')}
          note={t('ladder.note', { n: reply.rungs.length, count: f.count(reply.rungs.length) })}
        >
          <RetryLadder rungs={reply.rungs} isComplete={reply.complete} />
          <LastRungNote reply={reply} />
        </Section>
      ) : null}
      <DataTable
        caption={t('messagesCaption')}
        columns={columns}
        rows={reply?.messages}
        rowKey={(row) => row.id}
        onOpen={(row) => open(row.id)}
        openKey={params.message}
        pending={query.isPending}
        error={query.error}
        errorTitle={t('unreadable')}
        onRetry={retry}
        tight
        empty={
          reply && reply.failures.length > 0 ? (
            <EmptyState icon="unknown" title={t('empty.partialTitle')}>
              {t('empty.partial', { brokers: brokerNames(reply.failures) })}
            </EmptyState>
          ) : (
            <EmptyState icon="retries" title={t('empty.groupTitle')}>
              {reply
                ? t(reply.complete ? 'empty.groupHow' : 'empty.groupHowAtLeast', {
                    topic: `%RETRY%${group}`,
                    time: f.when(reply.asOf),
                  })
                : null}
            </EmptyState>
          )
        }
        footer={{
          total: inRetry,
          failures: reply?.failures,
          sortWords: t('messagesSorted'),
          note:
            reply && !reply.complete && reply.failures.length === 0 ? (
              <span className="warn">{t('atLeast')}</span>
            ) : null,
        }}
      />
      {params.message ? (
        <RetryDrawer
          cluster={params.cluster ?? undefined}
          id={params.message}
          messages={reply?.messages ?? []}
          onMove={open}
        />
      ) : null}
    </>
  );
}
