import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { STATUS_WORDS } from '@/lib/contract/words';
import type { GroupsInput } from '@/lib/queries/groups';

export const groupsParams = {
  cluster: parseAsString,
  q: parseAsString.withDefault(''),
  brokerCluster: parseAsString,
  status: parseAsStringLiteral(STATUS_WORDS),
  has: parseAsStringLiteral(['dead', 'no-members']),
  internal: parseAsStringLiteral(['true']),
  idle: parseAsStringLiteral(['true']),
  sort: parseAsString.withDefault('-status'),
};
export const loadGroupsParams = createLoader(groupsParams);

type GroupsParams = Awaited<ReturnType<typeof loadGroupsParams>>;
/** What both the server and the browser ask, so that the first HTML is not asked again. */
export const groupsInput = ({
  cluster,
  q,
  brokerCluster,
  status,
  has,
  internal,
  idle,
  sort,
}: GroupsParams): GroupsInput => ({
  cluster: cluster ?? undefined,
  q: q || undefined,
  brokerCluster: brokerCluster ?? undefined,
  status: status ?? undefined,
  has: has ?? undefined,
  internal: internal ?? undefined,
  // Who looks for a name, or for groups without members, means these too.
  idle: idle || q || has === 'no-members' ? undefined : 'hide',
  sort,
});

export const GROUP_TABS = ['diagnosis', 'queues', 'members', 'subscriptions', 'history', 'settings'] as const;
export type GroupTab = (typeof GROUP_TABS)[number];
export const groupParams = {
  cluster: parseAsString,
  group: parseAsString.withDefault(''),
  tab: parseAsStringLiteral(GROUP_TABS).withDefault('diagnosis'),
  member: parseAsString,
};
export const loadGroupParams = createLoader(groupParams);
