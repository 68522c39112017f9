import type { Failure } from '@/lib/contract/primitives';
import type { LetterSpan } from '@/lib/store/letters-write';
import { askBrokers, brokersOf, oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { requireGroupOrLetters } from '../groups/find';
import { readBounds } from '../messages/read-queue';
import { DLQ_PREFIX } from '../snapshot/system-names';
import { followLedger, isFollowed } from './follow-ledgers';
import { type LetterQueue, readLetterQueues } from './queues';
import { type LedgerExtent, readLedger } from './read-ledger';
import { lengthOf, ofQueue, unreadOf } from './stretches';

/** Letters of each queue that a request reads itself; the rest is read in the background. */
const AT_ONCE = 512;
/** Of queues with more than that somebody sees the first page soon: 50 rows, of whatever queue. */
const AT_FIRST = 128;
/** What is read on where that was too little: for a larger page, or one that a filter lets few through. */
const STEP = 256;

export interface OpenLedger extends LedgerExtent {
  queues: LetterQueue[];
  failures: Failure[];
}

/**
 * The ledger of a group, up to the newest letter; a broker that does not answer leaves what was read of it before, and one
 * that has lost its topic takes it along. Older letters are read here only while nobody else does, or some of them when they
 * are wanted. NOT_FOUND for a group nobody knows; a group that never failed has an empty one.
 */
export async function openLedger(ctx: Ctx, group: string, isOlderWanted = false): Promise<OpenLedger> {
  const [groupId] = await Promise.all([
    ctx.store.letters.groupId(ctx.cluster, group),
    requireGroupOrLetters(ctx, group),
  ]);
  const [{ queues, failures }, spans] = await Promise.all([
    readLetterQueues(ctx, group),
    ctx.store.letters.spans(groupId),
  ]);
  const earlier = queuesRead(spans, queues);
  const silent = earlier.filter(({ broker }) => failures.some((failure) => failure.broker === broker));
  const gone = await askBrokers(await answeringOf(ctx, earlier, silent), (broker) =>
    Promise.all(earlier.filter((queue) => queue.broker === broker).map((queue) => boundsNow(ctx, group, queue))),
  );
  failures.push(...gone.failures);
  const all = [...queues, ...silent, ...gone.items.flatMap(({ value }) => value)];
  const extent = await readLedger(ctx, group, all, isOlderWanted ? STEP : toRead(ctx, spans, all));
  if (extent.read < extent.total) followLedger(ctx, group);
  return { ...extent, queues: all, failures: oneEach([...failures, ...extent.failures]) };
}

function toRead(ctx: Ctx, spans: readonly LetterSpan[], queues: readonly LetterQueue[]): number {
  if (!isFollowed(ctx)) return AT_ONCE;
  if (queues.every((queue) => isTopRead(spans, queue))) return 0;
  return queues.every((queue) => unreadIn(spans, queue) <= AT_ONCE) ? AT_ONCE : AT_FIRST;
}

const unreadIn = (spans: readonly LetterSpan[], queue: LetterQueue): number =>
  lengthOf(unreadOf(ofQueue(spans, queue), { from: queue.minOffset, to: queue.maxOffset }));

/** The newest letter of a queue is in the ledger, and nothing that the queue no longer has. */
function isTopRead(spans: readonly LetterSpan[], queue: LetterQueue): boolean {
  const { minOffset, maxOffset } = queue;
  const mine = ofQueue(spans, queue);
  const top = mine.at(-1)?.to ?? 0;
  return (
    mine.every(({ from }) => from >= minOffset) && (maxOffset === minOffset ? top <= maxOffset : top === maxOffset)
  );
}

/** Queues that were read and are not among those that the brokers have told: of a silent broker, or of a topic deleted since. */
function queuesRead(spans: readonly LetterSpan[], told: readonly LetterQueue[]): LetterQueue[] {
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
