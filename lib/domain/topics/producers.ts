import type { TopicProducers } from '@/lib/contract/topics';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { type ConnectedProducer, GET_ALL_PRODUCER_INFO } from '@/lib/rocketmq/requests/get-all-producer-info';
import { PULL_MESSAGE } from '@/lib/rocketmq/requests/pull-message';
import type { Ctx } from '../ctx';
import { askLive, live } from '../snapshot/live-brokers';
import { requireSnapshot } from '../snapshot/require-snapshot';
import { findTopic } from './find';

type Producer = TopicProducers['producers'][number];

/** Queues looked at on each broker. */
const QUEUES_PER_BROKER = 32;

/**
 * Who wrote the newest message of each queue, and whether that client is connected now. A broker does not know which topic a
 * producer sends to; it knows every connected producer with its address (328), and a record keeps the address it was sent
 * from. Costs one 328 and a pull of one message per queue. `DomainError`: NOT_FOUND, UNAVAILABLE.
 */
export async function topicProducers(ctx: Ctx, { topic: name }: { topic: string }): Promise<TopicProducers> {
  const snapshot = requireSnapshot(ctx);
  const topic = await findTopic(ctx, snapshot, name);
  const within = live(ctx);
  const holders = new Set(topic.config.map(({ broker }) => broker));
  const found = new Map<string, Producer>();
  let queues = 0;
  const { failures } = await askLive(
    ctx,
    snapshot,
    async ({ name: broker }) => {
      const filled = topic.queues.filter((queue) => queue.broker === broker && queue.maxOffset > queue.minOffset);
      const [{ producers }, newest] = await Promise.all([
        ctx.client.call(GET_ALL_PRODUCER_INFO, undefined, { broker, ...within }),
        Promise.all(
          filled.slice(0, QUEUES_PER_BROKER).map(async ({ queueId, maxOffset }) => {
            const input = { topic: name, queueId, queueOffset: maxOffset - 1, maxMsgNums: 1 };
            const { messages } = await ctx.client.call(PULL_MESSAGE, input, { broker, ...within });
            return messages[0];
          }),
        ),
      ]);
      const byAddress = new Map(producers.map((producer) => [bare(producer.address), producer]));
      for (const message of newest) {
        if (!message) continue;
        queues += 1;
        addTo(found, message, byAddress.get(bare(message.bornHost)));
      }
    },
    ({ name: broker }) => holders.has(broker),
  );
  return {
    topic: name,
    producers: [...found.values()].sort((a, b) => b.lastStoredAt - a.lastStoredAt || (a.address < b.address ? -1 : 1)),
    queues,
    asOf: ctx.now(),
    failures,
  };
}

/** One row per client; a client has a connection, hence an address, for each broker. */
function addTo(found: Map<string, Producer>, message: StoredMessage, client: ConnectedProducer | undefined): void {
  const key = client ? `${client.group} ${client.clientId}` : message.bornHost;
  const before = found.get(key);
  if (before) {
    before.queues += 1;
    before.lastStoredAt = Math.max(before.lastStoredAt, message.storedAt);
    return;
  }
  found.set(key, {
    group: client?.group ?? null,
    clientId: client?.clientId ?? null,
    address: message.bornHost,
    language: client?.language ?? null,
    lastStoredAt: message.storedAt,
    queues: 1,
  });
}

/** An IPv6 address with or without brackets. */
const bare = (address: string): string => address.replace(/[[\]]/g, '').toLowerCase();
