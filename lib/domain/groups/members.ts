import type { GroupDetail } from '@/lib/contract/groups';
import type { Failure } from '@/lib/contract/primitives';
import {
  type ConsumerConnection,
  GET_CONSUMER_CONNECTION_LIST,
} from '@/lib/rocketmq/requests/get-consumer-connection-list';
import type { Ctx } from '../ctx';
import { severityOf } from '../lag/evaluate';
import { sharedRead } from '../shared-read';
import { heldKey } from '../snapshot/group-rows';
import { askLive, live } from '../snapshot/live-brokers';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';
import { addRunningInfo } from './running';

type Member = GroupDetail['members'][number];

export interface GroupMembers {
  members: Member[];
  subscriptions: GroupDetail['subscriptions'];
  failures: Failure[];
}

const RUNNING_INFOS = 50;
/** The parts of a page, and its viewers, ask within this. */
const SHARED_MS = 1000;

/** Clients of a group over all masters (203), merged by client id, and what each says of itself (307, best effort). */
export function readMembers(ctx: Ctx, snapshot: Snapshot, group: string): Promise<GroupMembers> {
  const key = `members ${snapshot.version} ${group}`;
  return sharedRead(ctx, key, SHARED_MS, (shared) => readNow(shared, snapshot, group));
}

async function readNow(ctx: Ctx, snapshot: Snapshot, group: string): Promise<GroupMembers> {
  const within = live(ctx);
  const { answers, failures } = await askLive(ctx, snapshot, ({ name }) =>
    ctx.client.call(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }, { broker: name, ...within }),
  );
  const members = merge(answers);
  await Promise.all(members.slice(0, RUNNING_INFOS).map((member) => addRunningInfo(ctx, group, member)));
  for (const member of members.slice(RUNNING_INFOS)) member.notRead = 'budget';
  addStatus(members, snapshot.groups.get(group));
  return { members, subscriptions: subscriptionsOf([...answers.values()]), failures };
}

function merge(answers: ReadonlyMap<string, ConsumerConnection | null>): Member[] {
  const members = new Map<string, Member>();
  for (const [broker, connected] of [...answers].sort(([a], [b]) => (a < b ? -1 : 1))) {
    for (const { clientId, clientAddr, language, version } of connected?.connections ?? []) {
      const member = members.get(clientId);
      // A client that has connected again stands twice until the broker notices that the first socket is gone.
      if (member) {
        if (!member.brokers.includes(broker)) member.brokers.push(broker);
      } else {
        const fresh = {
          clientId,
          address: clientAddr,
          language,
          version: String(version ?? ''),
          brokers: [broker],
          status: null,
          queues: null,
          running: null,
          notRead: null,
        };
        members.set(clientId, fresh);
      }
    }
  }
  return [...members.values()].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
}

/** Worst status of the queues each member says it holds. */
function addStatus(members: readonly Member[], group: SnapshotGroup | undefined): void {
  const statuses = new Map(group?.queues.map((queue) => [heldKey(queue), queue.status]));
  for (const member of members) {
    const held = member.queues?.flatMap((queue) => statuses.get(heldKey(queue)) ?? []) ?? [];
    member.status = held.sort((a, b) => severityOf(b) - severityOf(a))[0] ?? null;
  }
}

function subscriptionsOf(answers: readonly (ConsumerConnection | null)[]): GroupDetail['subscriptions'] {
  const found = new Map<string, GroupDetail['subscriptions'][number]>();
  for (const connected of answers) {
    for (const { topic, subString, expressionType } of connected?.subscriptions ?? []) {
      found.set(`${topic} ${subString} ${expressionType}`, { topic, expression: subString, type: expressionType });
    }
  }
  return [...found.values()].sort((a, b) => (a.topic < b.topic ? -1 : 1));
}
