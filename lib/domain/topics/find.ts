import { GET_ROUTEINFO_BY_TOPIC, type TopicRoute } from '@/lib/rocketmq/requests/get-routeinfo-by-topic';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import { live } from '../snapshot/live-brokers';
import { nearestName } from '../snapshot/nearest-name';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { topicTypeOf } from '../snapshot/system-names';

/**
 * The topic as the snapshot has it; one that it lacks is looked up once at a NameServer, since it may be
 * younger than the last sweep. `DomainError` NOT_FOUND `topic_not_found`, with the nearest name in `details`.
 */
export async function findTopic(ctx: Ctx, snapshot: Snapshot, name: string): Promise<SnapshotTopic> {
  const found = snapshot.topics.get(name);
  if (found) return found;
  const route = await readRoute(ctx, name);
  if (!route) throw topicNotFound(snapshot, name);
  const names = new Set(snapshot.brokers.flatMap((broker) => [broker.name, broker.cluster]));
  return {
    name,
    type: topicTypeOf(name, {}, names),
    config: route.queues.map(({ brokerName, readQueueNums, writeQueueNums, perm }) => ({
      broker: brokerName,
      readQueues: readQueueNums,
      writeQueues: writeQueueNums,
      perm,
      order: false,
      attributes: {},
    })),
    queues: [],
    partial: 'not_sampled',
  };
}

export function topicNotFound(snapshot: Pick<Snapshot, 'topics'> | null, topic: string): DomainError {
  const nearest = nearestName(topic, snapshot?.topics.keys() ?? []);
  const params = { topic, nearest: nearest ?? '', hasNearest: nearest ? 'yes' : 'no' };
  return new DomainError('NOT_FOUND', 'topic_not_found', params, { nearest });
}

export function readRoute(ctx: Ctx, topic: string): Promise<TopicRoute | null> {
  return ctx.client.callNameServer(GET_ROUTEINFO_BY_TOPIC, { topic }, live(ctx));
}
