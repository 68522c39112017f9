import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { VIEW_MESSAGE_BY_ID } from '@/lib/rocketmq/requests/view-message-by-id';
import type { LetterTable } from '@/lib/store/letters-schema';
import { within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { readQueue } from '../messages/read-queue';
import { inParallel } from '../redrive/in-parallel';
import { DLQ_PREFIX } from '../snapshot/system-names';

/** Where a letter lies, and the key that its record has there. */
export type LedgerPlace = Pick<LetterTable, 'broker' | 'queueId' | 'queueOffset' | 'phyOffset' | 'uniqKey'>;

/** From so many neighbours on, one ranged pull is cheaper than a read of each by its position. */
const NEIGHBOURS = 4;
/** What a broker hands out at once, unless told otherwise (`maxTransferCountOnMessageInMemory`). */
const PULL = 32;
const READS_AT_ONCE = 32;

/**
 * The dead letters at some places, in their order; null for those that their broker no longer has. Neighbours in a queue
 * are pulled together (request 11), others read by position (33). RemotingError or RocketMQError when a broker does not answer.
 */
export async function readAtPlaces(
  ctx: Ctx,
  group: string,
  places: readonly LedgerPlace[],
): Promise<(StoredMessage | null)[]> {
  const topic = DLQ_PREFIX + group;
  const pulled = new Map<LedgerPlace, StoredMessage>();
  const together = runsOf(places).filter((run) => run.length >= NEIGHBOURS);
  await inParallel(together, READS_AT_ONCE, (run) => pullTogether(ctx, topic, run, pulled));
  // What was not pulled, or lies elsewhere now, is found by its position.
  return inParallel(places, READS_AT_ONCE, async (place) => pulled.get(place) ?? view(ctx, topic, place));
}

/** Places whose queue offsets follow each other, as many as one pull takes. */
function runsOf(places: readonly LedgerPlace[]): LedgerPlace[][] {
  const inOrder = [...places].sort(
    (a, b) =>
      (a.broker < b.broker ? -1 : a.broker > b.broker ? 1 : 0) ||
      a.queueId - b.queueId ||
      a.queueOffset - b.queueOffset,
  );
  const runs: LedgerPlace[][] = [];
  for (const place of inOrder) {
    const run = runs.at(-1);
    const before = run?.at(-1);
    const isNext =
      before?.broker === place.broker &&
      before.queueId === place.queueId &&
      before.queueOffset + 1 === place.queueOffset;
    if (run && isNext && run.length < PULL) run.push(place);
    else runs.push([place]);
  }
  return runs;
}

async function pullTogether(
  ctx: Ctx,
  topic: string,
  neighbours: readonly LedgerPlace[],
  pulled: Map<LedgerPlace, StoredMessage>,
): Promise<void> {
  const [first, last] = [neighbours[0] as LedgerPlace, neighbours.at(-1) as LedgerPlace];
  const queue = { broker: first.broker, topic, queueId: first.queueId };
  const { messages } = await readQueue(ctx, queue, first.queueOffset, last.queueOffset + 1);
  const byOffset = new Map(messages.map((message) => [message.queueOffset, message]));
  for (const place of neighbours) {
    const record = byOffset.get(place.queueOffset);
    if (record?.physicalOffset === place.phyOffset && isLetter(record, topic, place)) pulled.set(place, record);
  }
}

async function view(ctx: Ctx, topic: string, place: LedgerPlace): Promise<StoredMessage | null> {
  const { broker, phyOffset } = place;
  const target = { broker, ...within(ctx) };
  const record = await ctx.client.call(VIEW_MESSAGE_BY_ID, { physicalOffset: phyOffset }, target);
  return record && isLetter(record, topic, place) ? record : null;
}

const isLetter = (record: StoredMessage, topic: string, place: LedgerPlace): boolean =>
  record.topic === topic &&
  record.queueOffset === place.queueOffset &&
  record.queueId === place.queueId &&
  (record.properties.UNIQ_KEY ?? '') === place.uniqKey;
