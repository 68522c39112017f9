import type { TopicDetail } from '@/lib/contract/topics';
import type { Ctx } from '../ctx';
import type { Snapshot, SnapshotTopic } from '../snapshot/snapshot';
import { readRoute } from './find';

/** Where clients are sent: the NameServers' route, or, when none answers, what the masters say of themselves. */
export async function routeOf(ctx: Ctx, snapshot: Snapshot, topic: SnapshotTopic): Promise<TopicDetail['route']> {
  const route = await readRoute(ctx, topic.name).catch(() => null);
  if (!route) return topic.config.map((config) => fromConfig(config, snapshot));
  const queues = [...route.queues].sort((a, b) => (a.brokerName < b.brokerName ? -1 : 1));
  return queues.map(({ brokerName, perm, readQueueNums, writeQueueNums }) => {
    const addresses = Object.entries(route.brokers.find((broker) => broker.brokerName === brokerName)?.addresses ?? {});
    return {
      broker: brokerName,
      address: addresses.find(([id]) => id === '0')?.[1] ?? null,
      replicas: addresses.map(([id, address]) => ({ brokerId: Number(id), address })),
      perm,
      readQueues: readQueueNums,
      writeQueues: writeQueueNums,
    };
  });
}

function fromConfig(config: SnapshotTopic['config'][number], snapshot: Snapshot): TopicDetail['route'][number] {
  const { broker, perm, readQueues, writeQueues } = config;
  const address = snapshot.brokers.find(({ name }) => name === broker)?.masterAddress ?? null;
  return { broker, address, replicas: address ? [{ brokerId: 0, address }] : [], perm, readQueues, writeQueues };
}
