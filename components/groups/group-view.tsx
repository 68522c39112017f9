'use client';
import { useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { HistoryPanel } from '@/components/history/history-panel';
import { LagQueues } from '@/components/lag/lag-queues';
import { PartialBanner } from '@/components/shared/banner';
import { ErrorState } from '@/components/shared/states';
import { Skeleton } from '@/components/ui/skeleton';
import { useT } from '@/lib/i18n/use-t';
import { groupDetailQuery } from '@/lib/queries/groups';
import { GroupBanners } from './group-banners';
import { GroupConfiguration } from './group-configuration';
import { GroupDiagnosis } from './group-diagnosis';
import { GroupHead } from './group-head';
import { GroupMembers } from './group-members';
import { GroupStats } from './group-stats';
import { GroupSubscriptions } from './group-subscriptions';
import { GroupTabs } from './group-tabs';
import { groupParams } from './search-params';

export function GroupView() {
  const t = useT('groups');
  const [{ cluster, group: name, tab, member }, setParams] = useQueryStates(groupParams);
  const input = { cluster: cluster ?? undefined, group: name };
  const query = useQuery(groupDetailQuery(input));
  const { data: group } = query;
  const retry = () => void query.refetch();
  return (
    <>
      <PartialBanner failures={group?.failures} onRetry={retry} />
      {group ? <GroupBanners group={group} /> : null}
      <GroupHead name={name} group={group} failed={query.error !== null && !group} />
      {group ? (
        <>
          <GroupStats group={group} />
          <GroupTabs group={group} current={tab} />
          {tab === 'diagnosis' ? <GroupDiagnosis input={input} group={group} /> : null}
          {tab === 'queues' ? <LagQueues input={input} group={group} /> : null}
          {tab === 'members' ? (
            <GroupMembers
              input={input}
              group={group}
              open={member}
              onOpen={(clientId) => void setParams({ member: clientId })}
            />
          ) : null}
          {tab === 'subscriptions' ? <GroupSubscriptions group={group} /> : null}
          {tab === 'history' ? <HistoryPanel input={input} /> : null}
          {tab === 'settings' ? <GroupConfiguration group={group} /> : null}
        </>
      ) : query.error ? (
        <ErrorState error={query.error} title={t('detail.failed')} onRetry={retry} />
      ) : (
        <Skeleton width={180} />
      )}
    </>
  );
}
