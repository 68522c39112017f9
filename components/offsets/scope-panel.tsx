'use client';
import { useQuery } from '@tanstack/react-query';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Figure, Unknown } from '@/components/shared/figure';
import { KvList } from '@/components/shared/kv-list';
import { Section } from '@/components/shared/page-header';
import { GroupStatusWord } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason } from '@/components/shared/wire-figure';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { groupLagQuery } from '@/lib/queries/groups';

/** What is true of the group now. */
export function ScopePanel({
  cluster,
  group,
  topic,
}: {
  cluster: string | undefined;
  group: GroupDetail | undefined;
  topic: string | null;
}) {
  const t = useT('offsets');
  const f = useFormat();
  const reason = useUnknownReason();
  const lag = useQuery({
    ...groupLagQuery({ cluster, group: group?.group ?? '', topic: topic ?? undefined }),
    enabled: group !== undefined && topic !== null,
  });
  if (!group) return null;
  const totals = lag.data?.totals;
  return (
    <Section panel title={t('scope.title')}>
      <KvList
        small
        items={[
          {
            id: 'group',
            label: t('group'),
            value: (
              <ClusterLink className="link" href="/groups/detail" params={{ group: group.group }}>
                {group.group}
              </ClusterLink>
            ),
          },
          { id: 'status', label: t('scope.status'), value: <GroupStatusWord status={group.status} /> },
          {
            id: 'topic',
            label: t('topic'),
            value: topic
              ? totals?.queues
                ? t('scope.topicQueues', { topic, n: totals.queues, count: f.count(totals.queues) })
                : topic
              : '–',
          },
          {
            id: 'members',
            label: t('scope.members'),
            value: group.membersKnown ? (
              t('scope.online', { n: group.members.length, count: f.count(group.members.length) })
            ) : (
              <Unknown reason={reason(group.unknown?.members)} />
            ),
          },
          ...(totals
            ? [
                {
                  id: 'lag',
                  label: t('scope.lag'),
                  value: <Figure value={totals.lag} reason={reason(totals.unknown?.lag)} />,
                },
              ]
            : []),
          ...(group.activeJob
            ? [
                {
                  id: 'job',
                  label: t('scope.activeJob'),
                  value: (
                    <ClusterLink className="link mono" href={`/jobs/${group.activeJob.id}`}>
                      {group.activeJob.id.slice(-6)}
                    </ClusterLink>
                  ),
                },
              ]
            : []),
        ]}
      />
      <p className="small fg3 mt8">{t('scope.kept')}</p>
    </Section>
  );
}
