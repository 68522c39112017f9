import type { Failure } from '@/lib/contract/primitives';
import { askBrokers, brokersOf, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { requireGroupOrLetters } from '../groups/find';
import { readBounds } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { followLedger } from './follow-ledgers';
import { type LetterQueue, readLetterQueues } from './queues';
import { type LedgerExtent, readLedger } from './read-ledger';

/** Letters of each queue that a request reads itself; the rest is read in the background. */
const AT_ONCE = 512;

export interface OpenLedger extends LedgerExtent {
  queues: LetterQueue[];
  failures: Failure[];
}

/**
 * The ledger of a group, up to the newest letter; a broker that does not answer leaves what was read of it before, and one
 * that has lost its topic takes it along.
 * NOT_FOUND for a group nobody knows; a group that never failed has an empty one.
 */
export async function openLedger(ctx: Ctx, group: string): Promise<OpenLedger> {
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const earlier = await queuesRead(ctx, group, queues);
  const silent = earlier.filter(({ broker }) => failures.some((failure) => failure.broker === broker));
  const gone = await askBrokers(await answeringOf(ctx, earlier, silent), (broker) =>
    Promise.all(earlier.filter((queue) => queue.broker === broker).map((queue) => boundsNow(ctx, group, queue))),
  );
  failures.push(...gone.failures);
  const all = [...queues, ...silent, ...gone.items.flatMap(({ value }) => value)];
  const extent = await readLedger(ctx, group, all, AT_ONCE);
  if (extent.read < extent.total) followLedger(ctx, group);
  return { ...extent, queues: all, failures: oneEach([...failures, ...extent.failures]) };
}

/** Queues that were read and are not among those that the brokers have told: of a silent broker, or of a topic deleted since. */
async function queuesRead(ctx: Ctx, group: string, told: readonly LetterQueue[]): Promise<LetterQueue[]> {
  const spans = await ctx.store.letters.spans(await ctx.store.letters.groupId(ctx.cluster, group));
  const known = new Map<string, LetterQueue>();
  for (const { broker, queueId, from, to } of spans) {
    if (told.some((queue) => queue.broker === broker && queue.queueId === queueId)) continue;
    const queue = known.get(`${broker} ${queueId}`) ?? { broker, queueId, minOffset: from, maxOffset: to };
    known.set(`${broker} ${queueId}`, { ...queue, maxOffset: to });
  }
  return [...known.values()];
}

async function answeringOf(ctx: Ctx, earlier: readonly LetterQueue[], silent: readonly LetterQueue[]) {
  if (earlier.length === silent.length) return [];
  const { brokers } = await brokersOf(ctx);
  return brokers.filter((name) => earlier.some((queue) => queue.broker === name && !silent.includes(queue)));
}

/** Empty when the topic was deleted; a crash of the broker may have brought the queue back without it. */
const boundsNow = async (ctx: Ctx, group: string, queue: LetterQueue): Promise<LetterQueue> => ({
  ...queue,
  ...(await readBounds(ctx, { broker: queue.broker, queueId: queue.queueId, topic: DLQ_PREFIX + group })),
});
