import type { GroupDetail } from '@/lib/contract/groups';
import type { Failure } from '@/lib/contract/primitives';
import {
  type ConsumerConnection,
  GET_CONSUMER_CONNECTION_LIST,
} from '@/lib/rocketmq/requests/get-consumer-connection-list';
import { type ConsumerRunningInfo, GET_CONSUMER_RUNNING_INFO } from '@/lib/rocketmq/requests/get-consumer-running-info';
import type { Ctx } from '../ctx';
import { askLive, live } from '../snapshot/live-brokers';
import type { Snapshot } from '../snapshot/snapshot';

type Member = GroupDetail['members'][number];

export interface GroupMembers {
  members: Member[];
  subscriptions: GroupDetail['subscriptions'];
  failures: Failure[];
}

/** The broker relays it to the client, which may be the very one that hangs. */
const RUNNING_INFO_MS = 1500;
const RUNNING_INFOS = 50;

/** Clients of a group over all masters (203), merged by client id, and the queues each says it holds (307, best effort). */
export async function readMembers(ctx: Ctx, snapshot: Snapshot, group: string): Promise<GroupMembers> {
  const within = live(ctx);
  const { answers, failures } = await askLive(ctx, snapshot, ({ name }) =>
    ctx.client.call(GET_CONSUMER_CONNECTION_LIST, { consumerGroup: group }, { broker: name, ...within }),
  );
  const members = merge(answers);
  await Promise.all(members.slice(0, RUNNING_INFOS).map((member) => addRunningInfo(ctx, group, member)));
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
          queues: null,
        };
        members.set(clientId, fresh);
      }
    }
  }
  return [...members.values()].sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
}

async function addRunningInfo(ctx: Ctx, group: string, member: Member): Promise<void> {
  const [broker] = member.brokers;
  if (broker === undefined) return;
  const input = { consumerGroup: group, clientId: member.clientId };
  const info = await ctx.client
    .call(GET_CONSUMER_RUNNING_INFO, input, { broker, ...live(ctx, RUNNING_INFO_MS) })
    .catch((): ConsumerRunningInfo | null => null);
  if (!info) return;
  member.version = info.properties.PROP_CLIENT_VERSION ?? member.version;
  const held = [
    ...info.queues.filter(({ isDropped }) => !isDropped),
    ...info.popQueues.filter(({ isDropped }) => !isDropped),
  ];
  member.queues = held.map(({ topic, brokerName, queueId }) => ({ topic, broker: brokerName, queueId }));
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
