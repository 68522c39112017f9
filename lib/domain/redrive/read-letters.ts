import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { VIEW_MESSAGE_BY_ID } from '@/lib/rocketmq/requests/view-message-by-id';
import type { Item } from '@/lib/store/items';
import { readQueue } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { callWithin, type RedriveRun } from './run-context';

/** From so many neighbours on, one ranged pull is cheaper than a read of each by its position. */
const NEIGHBOURS = 4;

/**
 * The dead letters of some items, by item number; null for those that their broker no longer has. Neighbours in a queue
 * are pulled together. RemotingError or RocketMQError when a broker does not answer.
 */
export async function readLetters(run: RedriveRun, items: readonly Item[]): Promise<Map<number, StoredMessage | null>> {
  const topic = DLQ_PREFIX + run.operation.input.group;
  const records = new Map<number, StoredMessage | null>();
  await Promise.all(
    runsOf(items).map(async (neighbours) => {
      if (neighbours.length >= NEIGHBOURS) await pullTogether(run, topic, neighbours, records);
    }),
  );
  // What was not pulled, or lies elsewhere now, is found by its position.
  await Promise.all(
    items.map(async (item) => {
      if (!records.has(item.n)) records.set(item.n, await view(run, topic, item));
    }),
  );
  return records;
}

/** Items whose queue offsets follow each other. */
function runsOf(items: readonly Item[]): Item[][] {
  const inOrder = [...items].sort(
    (a, b) =>
      (a.srcBroker < b.srcBroker ? -1 : a.srcBroker > b.srcBroker ? 1 : 0) ||
      a.srcQueueId - b.srcQueueId ||
      a.srcQueueOffset - b.srcQueueOffset,
  );
  const runs: Item[][] = [];
  for (const item of inOrder) {
    const before = runs.at(-1)?.at(-1);
    const isNext =
      before?.srcBroker === item.srcBroker &&
      before.srcQueueId === item.srcQueueId &&
      before.srcQueueOffset + 1 === item.srcQueueOffset;
    if (isNext) runs.at(-1)?.push(item);
    else runs.push([item]);
  }
  return runs;
}

async function pullTogether(
  { ctx }: RedriveRun,
  topic: string,
  neighbours: readonly Item[],
  records: Map<number, StoredMessage | null>,
): Promise<void> {
  const [first, last] = [neighbours[0] as Item, neighbours.at(-1) as Item];
  const { messages } = await readQueue(
    ctx,
    { broker: first.srcBroker, topic, queueId: first.srcQueueId },
    first.srcQueueOffset,
    last.srcQueueOffset + 1,
  );
  const byOffset = new Map(messages.map((message) => [message.queueOffset, message]));
  for (const item of neighbours) {
    const record = byOffset.get(item.srcQueueOffset);
    if (record?.physicalOffset === item.srcPhyOffset && isLetter(record, topic, item)) records.set(item.n, record);
  }
}

async function view({ ctx }: RedriveRun, topic: string, item: Item): Promise<StoredMessage | null> {
  const record = await ctx.client.call(
    VIEW_MESSAGE_BY_ID,
    { physicalOffset: item.srcPhyOffset },
    { broker: item.srcBroker, ...callWithin(ctx) },
  );
  return record && isLetter(record, topic, item) ? record : null;
}

const isLetter = (record: StoredMessage, topic: string, item: Item): boolean =>
  record.topic === topic &&
  record.queueOffset === item.srcQueueOffset &&
  record.queueId === item.srcQueueId &&
  (record.properties.UNIQ_KEY ?? '') === item.srcUniqKey;
