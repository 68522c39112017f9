'use client';
import { useHref } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { Tabs } from '@/components/ui/tabs';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';

/** Parts of the group; retries and dead letters have pages of their own. */
export function GroupTabs({ group, current }: { group: GroupDetail; current: string }) {
  const t = useT('groups');
  const history = useT('history');
  const f = useFormat();
  const href = useHref();
  const at = (tab: string | null) => href('/groups/detail', { group: group.group, tab });
  /** Marked where there may be more. */
  const countOf = (field: 'retries' | 'deadLetters') => {
    const count = group[field];
    return count === null ? null : `${f.count(count)}${group.unknown?.[field] ? ' ◐' : ''}`;
  };
  return (
    <Tabs
      label={t('detail.tabs')}
      current={current}
      tabs={[
        { id: 'diagnosis', label: t('detail.diagnosis'), href: at(null) },
        { id: 'queues', label: t('detail.queues'), href: at('queues') },
        {
          id: 'members',
          label: t('detail.members'),
          count: group.membersKnown ? f.count(group.members.length) : null,
          href: at('members'),
        },
        {
          id: 'subscriptions',
          label: t('detail.subscriptions'),
          count: group.membersKnown ? f.count(group.subscriptions.length) : null,
          href: at('subscriptions'),
        },
        {
          id: 'retries',
          label: t('detail.retries'),
          count: countOf('retries'),
          href: href('/retries', { group: group.group }),
        },
        {
          id: 'dead',
          label: t('detail.deadLetters'),
          count: countOf('deadLetters'),
          href: href('/dead-letters/group', { group: group.group }),
        },
        { id: 'history', label: history('tab'), href: at('history') },
        { id: 'settings', label: t('detail.settings'), href: at('settings') },
      ]}
    />
  );
}
