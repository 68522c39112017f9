import type { Failure } from '@/lib/contract/primitives';
import { oneEach } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { requireGroupOrLetters } from '../groups/find';
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
 * The ledger of a group, up to the newest letter; a broker that does not answer leaves what was read of it before.
 * NOT_FOUND for a group nobody knows; a group that never failed has an empty one.
 */
export async function openLedger(ctx: Ctx, group: string): Promise<OpenLedger> {
  await requireGroupOrLetters(ctx, group);
  const { queues, failures } = await readLetterQueues(ctx, group);
  const all = [...queues, ...(await knownQueues(ctx, group, queues, failures))];
  const extent = await readLedger(ctx, group, all, AT_ONCE);
  if (extent.read < extent.total) followLedger(ctx, group);
  return { ...extent, queues: all, failures: oneEach([...failures, ...extent.failures]) };
}

/** Queues of the brokers that do not answer, as far as they were read. */
async function knownQueues(
  ctx: Ctx,
  group: string,
  answered: readonly LetterQueue[],
  failures: readonly Failure[],
): Promise<LetterQueue[]> {
  if (failures.length === 0) return [];
  const spans = await ctx.store.letters.spans(await ctx.store.letters.groupId(ctx.cluster, group));
  const known = new Map<string, LetterQueue>();
  for (const { broker, queueId, from, to } of spans) {
    if (answered.some((queue) => queue.broker === broker) || !failures.some((failure) => failure.broker === broker))
      continue;
    const queue = known.get(`${broker} ${queueId}`) ?? { broker, queueId, minOffset: from, maxOffset: to };
    known.set(`${broker} ${queueId}`, { ...queue, maxOffset: to });
  }
  return [...known.values()];
}
