'use client';
import { useQuery } from '@tanstack/react-query';
import { parseAsString, useQueryState } from 'nuqs';
import { PartialBanner } from '@/components/shared/banner';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { PageHeader } from '@/components/shared/page-header';
import { useSayParams } from '@/components/shared/say-params';
import { ErrorState } from '@/components/shared/states';
import { Skeleton } from '@/components/ui/skeleton';
import { useT } from '@/lib/i18n/use-t';
import { overviewQuery } from '@/lib/queries/overview';
import { FindingsList } from './findings-list';
import { JobsPanel } from './jobs-panel';
import { TotalsPanel } from './totals-panel';
import { useHeadline } from './use-headline';
import { WorstLagPanel } from './worst-lag-panel';

export function OverviewView() {
  const t = useT('overview');
  const say = useSayParams();
  const [cluster] = useQueryState('cluster', parseAsString);
  const query = useQuery(overviewQuery(cluster ?? undefined));
  const { data } = query;
  const headline = useHeadline(data);
  const retry = () => void query.refetch();
  if (!data)
    return (
      <>
        <PageHeader title={t('title')} />
        {query.error ? <ErrorState error={query.error} onRetry={retry} /> : <Skeleton width={180} />}
      </>
    );
  const { groups, groupsOk, groupsInTrouble, topics, brokers } = data.counts;
  const judged = groupsOk + groupsInTrouble;
  return (
    <>
      <PartialBanner failures={data.failures} onRetry={retry} />
      <PageHeader
        title={headline}
        sentence={t(
          'sub',
          say({ groups, topics, brokers, ok: groupsOk, unjudged: Math.max(0, groups - judged) }) as never,
        )}
        actions={<CopyLinkButton />}
      />
      <div className="grid g-ov">
        <FindingsList overview={data} />
        <div className="col gap12">
          <TotalsPanel totals={data.totals} />
          <WorstLagPanel worst={data.worstLag} />
          <JobsPanel cluster={cluster ?? undefined} />
        </div>
      </div>
    </>
  );
}
