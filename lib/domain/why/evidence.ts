import type { GroupMember, Said } from '@/lib/contract/groups';
import type { ThreadGroup } from '@/lib/contract/threads';
import type { WhyFinding } from '@/lib/contract/why';
import type { LagAge } from '../lag/age';
import type { GroupFlow } from '../lag/rates';
import type { SnapshotGroup, SnapshotTopic } from '../snapshot/snapshot';

/** Everything that was read about a group before it is judged. What is null or empty was not read. */
export interface Evidence {
  now: number;
  group: SnapshotGroup;
  flow: GroupFlow;
  age: LagAge | undefined;
  members: readonly GroupMember[];
  /** Subscriptions the brokers have of the group as a whole (203). */
  subscriptions: readonly { topic: string; expression: string; type: string }[];
  topics: ReadonlyMap<string, SnapshotTopic>;
  /** How long each broker keeps messages, ms. */
  retentionMs: ReadonlyMap<string, number | null>;
  /** Latest reset of ours that may still be undone. */
  reset: { topic: string; at: number } | null;
  threads: HolderThreads;
}

/** Threads of the member that holds the queue with most lag of those that stand still. */
export type HolderThreads =
  | { state: 'read'; clientId: string; queue: string; readAt: number; consume: readonly ThreadGroup[] }
  | { state: 'unread'; clientId: string; reason: string }
  | { state: 'not_asked' };

/** What one check comes to. */
export interface Checked {
  findings: WhyFinding[];
  passed: Said[];
  notRead: Said[];
}

export const nothing = (): Checked => ({ findings: [], passed: [], notRead: [] });
export const found = (...findings: WhyFinding[]): Checked => ({ ...nothing(), findings });
export const passed = (key: string, params: Said['params'] = {}): Checked => ({
  ...nothing(),
  passed: [{ key, params }],
});
export const notRead = (key: string, params: Said['params'] = {}): Checked => ({
  ...nothing(),
  notRead: [{ key, params }],
});

/** Members that told which queues they hold. */
export const tellingMembers = (members: readonly GroupMember[]) =>
  members.flatMap((member) => (member.queues ? [{ ...member, queues: member.queues }] : []));

export const isBusiness = ({ topic }: { topic: string }): boolean => !topic.startsWith('%RETRY%');
export const queueName = ({ broker, queueId }: { broker: string; queueId: number }): string => `${broker}/${queueId}`;

const NAMED = 3;
/** `a, b, c, …`: the first names of a list. */
export const names = (list: readonly string[]): string =>
  list.slice(0, NAMED).join(', ') + (list.length > NAMED ? ', …' : '');

export const memberHref = (group: string, clientId: string): string =>
  `/groups/detail?group=${encodeURIComponent(group)}&tab=members&member=${encodeURIComponent(clientId)}`;
export const groupHref = (path: string, group: string): string => `${path}?group=${encodeURIComponent(group)}`;
