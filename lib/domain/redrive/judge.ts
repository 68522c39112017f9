import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import { QUERY_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/query-consumer-offset';
import { QUERY_MESSAGE } from '@/lib/rocketmq/requests/query-message';
import type { Attempt } from '@/lib/store/attempts';
import type { Item } from '@/lib/store/items';
import { STORED_STATES } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import type { QueueRef } from '../messages/read-queue';
import { DLQ_PREFIX, RETRY_PREFIX, SCHEDULE_TOPIC } from '../snapshot/system-names';
import { inParallel } from './in-parallel';
import { hasBeenPassed, SEEN_MS, seeOffset } from './offsets-seen';
import { isCopyOf } from './properties';
import { callWithin, laneKey, laneOf } from './run-context';

/**
 * `failed_again`: it climbs the retry ladder once more, `consumed_later`: it did, and was consumed then; `redriven`:
 * stored, and not taken yet or not to be told.
 */
export type Judgement = 'consumed' | 'consumed_later' | 'dead_again' | 'failed_again' | 'redriven';

const COPIES_AT_ONCE = 4;
/**
 * A POP consumer's offset moves at delivery, and what it fails on comes back after its invisible time, which it sets itself:
 * only so long after its delivery has a copy been consumed.
 */
export const POP_INVISIBLE_MS = SEEN_MS;

export const isJudgeable = ({ state, terminalReason }: Item): boolean =>
  (state === 'CONFIRMED' || state === 'STORED_UNCERTAIN' || state === 'DUPLICATED') && !FINAL.has(terminalReason);
const FINAL: ReadonlySet<string | null> = new Set(['consumed', 'consumed_later', 'dead_again']);

/**
 * What became of redriven copies (safety §5.5): consumed when the group's offset has passed the copy and no marked copy
 * waits, lies unread or is dead; verdicts are written to the journal, where the ledger reads them. A broker that does not
 * answer, or keeps no index, leaves its items at `redriven`. Costs three index queries per copy looked at.
 *
 * `passed` looks only at copies that the offset has passed; `all` also sees one that failed while an older message, or a
 * client that has not told its offset yet, holds the offset back.
 */
export async function judgeItems(
  ctx: Ctx,
  operation: { id: string; group: string | null },
  items: readonly Item[],
  which: 'passed' | 'all' = 'passed',
): Promise<Map<number, Judgement>> {
  const judged = new Map<number, Judgement>();
  const open = items.filter(isJudgeable);
  const group = operation.group ?? '';
  const copies: { item: Item; copy: Attempt }[] = [];
  if (open.length === 0) return judged;
  const attempts = await ctx.store.attempts.ofItems(
    operation.id,
    open.map(({ n }) => n),
  );
  for (const item of open) {
    judged.set(item.n, 'redriven');
    const copy = attempts.findLast(({ n, queueOffset }) => n === item.n && queueOffset !== null);
    if (copy && copy.uniqKey !== '') copies.push({ item, copy });
  }
  const offsets = await committedOffsets(
    ctx,
    group,
    copies.map(({ copy }) => copy),
  );
  await inParallel(copies, COPIES_AT_ONCE, async ({ item, copy }) => {
    const committed = offsets.get(laneKey(laneOf(copy)));
    if (committed === undefined) return;
    const isPassed = committed !== null && copy.queueOffset !== null && committed > copy.queueOffset;
    if (!isPassed && which === 'passed') return;
    const verdict = await quietly(() => fateOf(ctx, group, operation.id, item, copy, isPassed));
    if (verdict) judged.set(item.n, verdict);
    if (verdict && verdict !== 'redriven' && verdict !== item.terminalReason) {
      // One that the final comparison took back meanwhile keeps what it found.
      const { store } = ctx;
      const stored = store.items.update(operation.id, item.n, { terminalReason: verdict });
      await stored.where('state', 'in', STORED_STATES).execute();
    }
  });
  return judged;
}

/** Nothing for lanes whose broker does not answer, or could not tell about failures for want of an index; null: it has none. */
async function committedOffsets(
  ctx: Ctx,
  group: string,
  copies: readonly Attempt[],
): Promise<Map<string, number | null>> {
  const offsets = new Map<string, number | null>();
  const indexed = new Map<string, boolean>();
  for (const copy of copies) {
    const broker = copy.tgtBroker;
    if (!indexed.has(broker)) indexed.set(broker, (await quietly(() => keepsIndex(ctx, broker))) ?? false);
    if (offsets.has(laneKey(laneOf(copy))) || !indexed.get(broker)) continue;
    const input = { consumerGroup: group, topic: copy.tgtTopic, queueId: copy.tgtQueueId };
    const offset = await quietly(() => ctx.client.call(QUERY_CONSUMER_OFFSET, input, { broker, ...callWithin(ctx) }));
    offsets.set(laneKey(laneOf(copy)), offset ?? null);
    if (offset !== undefined && offset !== null) seeOffset(ctx, seenKey(group, laneOf(copy)), offset);
  }
  return offsets;
}

/** Without an index it cannot be told what became of a copy. */
export async function keepsIndex(ctx: Ctx, broker: string): Promise<boolean> {
  const { config } = await ctx.client.call(GET_BROKER_CONFIG, undefined, { broker, ...callWithin(ctx) });
  return config.messageIndexEnable !== 'false';
}

/** What did the failures of a copy, if any, leave behind? */
async function fateOf(
  ctx: Ctx,
  group: string,
  operationId: string,
  item: Item,
  copy: Attempt,
  isPassed: boolean,
): Promise<Judgement> {
  const retryTopic = retryTopicOf(ctx, group, copy);
  const find = async (topic: string) => {
    const input = { topic, key: copy.uniqKey, from: copy.intentAt - 60_000 };
    const { messages } = await ctx.client.call(QUERY_MESSAGE, input, { broker: copy.tgtBroker, ...callWithin(ctx) });
    return messages.filter(({ properties }) => isCopyOf(properties, operationId, item.n));
  };
  const [dead, scheduled, retries] = await Promise.all([
    find(DLQ_PREFIX + group),
    find(SCHEDULE_TOPIC),
    find(retryTopic),
  ]);
  if (dead.length > 0) return 'dead_again';
  // Every rung it ever stood on; a copy in the original topic may climb the ladder of another group as well.
  const rungs = scheduled.filter(({ properties }) => (properties.REAL_TOPIC ?? retryTopic) === retryTopic);
  const redelivered = retries.filter(({ reconsumeTimes }) => reconsumeTimes > 0);
  const isFailed = rungs.length > 0 || redelivered.length > 0;
  if (!isPassed) return isFailed ? 'failed_again' : 'redriven';
  const rung = maxOf(rungs.map(({ reconsumeTimes }) => reconsumeTimes));
  const latest = redelivered.find(
    ({ reconsumeTimes }) => reconsumeTimes === maxOf(redelivered.map((each) => each.reconsumeTimes)),
  );
  if (rung > (latest?.reconsumeTimes ?? 0)) return 'failed_again';
  if (latest) {
    const input = { consumerGroup: group, topic: retryTopic, queueId: latest.queueId };
    const offset = await ctx.client.call(QUERY_CONSUMER_OFFSET, input, { broker: copy.tgtBroker, ...callWithin(ctx) });
    if (offset === null || offset <= latest.queueOffset) return 'failed_again';
    seeOffset(ctx, seenKey(group, { ...input, broker: copy.tgtBroker }), offset);
  }
  const lane = latest ? { broker: copy.tgtBroker, topic: retryTopic, queueId: latest.queueId } : laneOf(copy);
  const isOver = hasBeenPassed(ctx, seenKey(group, lane), (latest ?? copy).queueOffset ?? 0);
  if (isPop(ctx, group, copy) && !isOver) return isFailed ? 'failed_again' : 'redriven';
  return isFailed || item.terminalReason === 'failed_again' ? 'consumed_later' : 'consumed';
}

const seenKey = (group: string, queue: QueueRef): string => `${group} ${laneKey(queue)}`;

const isPopRetry = (group: string, { tgtTopic }: Attempt): boolean =>
  tgtTopic.startsWith(RETRY_PREFIX) && tgtTopic !== RETRY_PREFIX + group;

const isPop = (ctx: Ctx, group: string, copy: Attempt): boolean =>
  isPopRetry(group, copy) || ctx.snapshot()?.groups.get(group)?.mode === 'POP';

/** Where the group gets a copy again that it failed on. */
function retryTopicOf(ctx: Ctx, group: string, copy: Attempt): string {
  if (isPopRetry(group, copy)) return copy.tgtTopic;
  if (copy.tgtTopic.startsWith(RETRY_PREFIX) || !isPop(ctx, group, copy)) return RETRY_PREFIX + group;
  return `${RETRY_PREFIX}${group}_${copy.tgtTopic}`;
}

const maxOf = (numbers: readonly number[]) => numbers.reduce((max, each) => Math.max(max, each), 0);

async function quietly<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RemotingError || error instanceof RocketMQError) return undefined;
    throw error;
  }
}
