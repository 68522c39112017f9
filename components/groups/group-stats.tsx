'use client';
import { TONE_OF_AGE } from '@/components/lag/tones';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Figure } from '@/components/shared/figure';
import { type Stat, StatStrip } from '@/components/shared/stat-strip';
import { useFormat } from '@/components/shared/use-format';
import { useUnknownReason, WireFigure } from '@/components/shared/wire-figure';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

export function GroupStats({ group }: { group: GroupDetail }) {
  const t = useT('groups');
  const f = useFormat();
  const reason = useUnknownReason();
  const { unknown } = group;
  const isHidden = unknown?.members === 'behind_proxy';
  const stats: Stat[] = [
    {
      id: 'lag',
      label: t('detail.stats.lag'),
      value: <WireFigure of={group} field="lag" />,
      note: t('detail.stats.lagNote', { n: group.topics.length, count: f.count(group.topics.length) }),
    },
    {
      id: 'oldest',
      label: t('detail.stats.oldest'),
      value:
        group.lag === 0 ? (
          <span className="fg3">–</span>
        ) : (
          <WireFigure
            of={group}
            field="lagMs"
            as="duration"
            approximate={!group.lagMsExact}
            tone={TONE_OF_AGE[group.status]}
          />
        ),
      note:
        group.lag === 0
          ? t('detail.stats.oldestNone')
          : group.lagMs === null
            ? null
            : group.lagMsExact
              ? t('detail.stats.oldestNote')
              : t('detail.stats.oldestAbout'),
    },
    {
      id: 'retries',
      label: t('detail.stats.retries'),
      value: (
        <ClusterLink className="hoverline" href="/retries" params={{ group: group.group }}>
          <WireFigure of={group} field="retries" />
        </ClusterLink>
      ),
      note: group.retries ? <RetriesNote group={group} /> : null,
    },
    {
      id: 'dead',
      label: t('detail.stats.dead'),
      value: (
        <ClusterLink className="hoverline" href="/dead-letters/group" params={{ group: group.group }}>
          <WireFigure of={group} field="deadLetters" />
        </ClusterLink>
      ),
      note:
        group.lastDeadAt !== null && group.deadLetters
          ? t('detail.stats.deadLast', { ago: f.ago(group.lastDeadAt) })
          : group.deadLetters === 0
            ? t('detail.stats.deadNone')
            : null,
    },
    {
      id: 'members',
      label: t('detail.stats.members'),
      value: (
        <Figure
          value={group.membersKnown ? group.members.length : null}
          reason={reason(unknown?.members)}
          tone={group.status === 'NO_MEMBERS' ? 'crit' : undefined}
        />
      ),
      note: group.membersKnown
        ? t('detail.stats.membersNote')
        : t(isHidden ? 'detail.stats.membersProxy' : 'detail.stats.membersUnknown'),
    },
  ];
  return <StatStrip stats={stats} />;
}

function RetriesNote({ group: { retriesWaiting, retriesDue, nextRetryAt } }: { group: GroupDetail }) {
  const t = useT('groups');
  const f = useFormat();
  const counts = t('detail.stats.retriesNote', {
    waiting: retriesWaiting === null ? '?' : f.count(retriesWaiting),
    due: retriesDue === null ? '?' : f.count(retriesDue),
  });
  if (nextRetryAt === null) return counts;
  const inMs = nextRetryAt - f.now;
  return (
    <>
      {counts} · {inMs > 0 ? t('detail.stats.nextRetry', { age: f.duration(inMs) }) : t('detail.stats.nextRetryNow')}
    </>
  );
}
