import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { GET_BROKER_CONFIG } from '@/lib/rocketmq/requests/get-broker-config';
import { QUERY_CONSUMER_OFFSET } from '@/lib/rocketmq/requests/query-consumer-offset';
import { QUERY_MESSAGE } from '@/lib/rocketmq/requests/query-message';
import type { Attempt } from '@/lib/store/attempts';
import type { Item } from '@/lib/store/items';
import type { Ctx } from '../ctx';
import { DLQ_PREFIX, RETRY_PREFIX, SCHEDULE_TOPIC } from '../snapshot/system-names';
import { inParallel } from './in-parallel';
import { isCopyOf } from './properties';
import { callWithin, laneKey } from './run-context';

/** `failed_again`: it climbs the retry ladder once more; `redriven`: stored, and not taken yet or not to be told. */
export type Judgement = 'consumed' | 'dead_again' | 'failed_again' | 'redriven';

const QUERIES_AT_ONCE = 8;
// A POP consumer's offset moves at delivery; only after its invisible time has it been consumed.
const POP_INVISIBLE_MS = 60_000;

export const isJudgeable = ({ state, terminalReason }: Item): boolean =>
  (state === 'CONFIRMED' || state === 'STORED_UNCERTAIN' || state === 'DUPLICATED') &&
  terminalReason !== 'consumed' &&
  terminalReason !== 'dead_again';

/**
 * What became of redriven copies (safety §5.5): consumed when the group's offset has passed the copy and no marked copy
 * waits, lies unread or is dead; final verdicts are written to the journal, where the ledger reads them. A broker that
 * does not answer, or keeps no index, leaves its items at `redriven`.
 */
export async function judgeItems(
  ctx: Ctx,
  operation: { id: string; group: string | null },
  items: readonly Item[],
): Promise<Map<number, Judgement>> {
  const judged = new Map<number, Judgement>();
  const open = items.filter(isJudgeable);
  const group = operation.group ?? '';
  const copies: { item: Item; copy: Attempt }[] = [];
  const [first, last] = [open[0], open.at(-1)];
  if (!first || !last) return judged;
  const attempts = await ctx.store.attempts.ofRange(operation.id, first.n, last.n);
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
  await inParallel(copies, QUERIES_AT_ONCE, async ({ item, copy }) => {
    const committed = offsets.get(laneOf(copy)) ?? null;
    if (committed === null || copy.queueOffset === null || committed <= copy.queueOffset) return;
    const verdict = await quietly(() => fateOf(ctx, group, operation.id, item, copy));
    if (verdict) judged.set(item.n, verdict);
    if (verdict === 'consumed' || verdict === 'dead_again') {
      await ctx.store.items.update(operation.id, item.n, { state: item.state, terminalReason: verdict }).execute();
    }
  });
  return judged;
}

const laneOf = (copy: Attempt) => laneKey({ topic: copy.tgtTopic, broker: copy.tgtBroker, queueId: copy.tgtQueueId });

/** Null for lanes whose broker does not tell, or could not tell about failures for want of an index. */
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
    if (offsets.has(laneOf(copy)) || !indexed.get(broker)) continue;
    const input = { consumerGroup: group, topic: copy.tgtTopic, queueId: copy.tgtQueueId };
    const offset = await quietly(() => ctx.client.call(QUERY_CONSUMER_OFFSET, input, { broker, ...callWithin(ctx) }));
    offsets.set(laneOf(copy), offset ?? null);
  }
  return offsets;
}

async function keepsIndex(ctx: Ctx, broker: string): Promise<boolean> {
  const { config } = await ctx.client.call(GET_BROKER_CONFIG, undefined, { broker, ...callWithin(ctx) });
  return config.messageIndexEnable !== 'false';
}

/** The offset has passed the first copy: what did its failures, if any, leave behind? */
async function fateOf(ctx: Ctx, group: string, operationId: string, item: Item, copy: Attempt): Promise<Judgement> {
  const isPop = copy.tgtTopic.startsWith(RETRY_PREFIX) && copy.tgtTopic !== RETRY_PREFIX + group;
  const retryTopic = isPop ? copy.tgtTopic : RETRY_PREFIX + group;
  const find = async (topic: string) => {
    const input = { topic, key: copy.uniqKey, from: copy.intentAt - 60_000 };
    const { messages } = await ctx.client.call(QUERY_MESSAGE, input, { broker: copy.tgtBroker, ...callWithin(ctx) });
    return messages.filter(({ properties }) => isCopyOf(properties, operationId, item.n));
  };
  if ((await find(DLQ_PREFIX + group)).length > 0) return 'dead_again';
  const rung = maxOf((await find(SCHEDULE_TOPIC)).map(({ reconsumeTimes }) => reconsumeTimes));
  const redelivered = (await find(retryTopic)).filter(({ reconsumeTimes }) => reconsumeTimes > 0);
  const latest = redelivered.find(
    ({ reconsumeTimes }) => reconsumeTimes === maxOf(redelivered.map((each) => each.reconsumeTimes)),
  );
  if (rung > (latest?.reconsumeTimes ?? 0)) return 'failed_again';
  if (latest) {
    const input = { consumerGroup: group, topic: retryTopic, queueId: latest.queueId };
    const offset = await ctx.client.call(QUERY_CONSUMER_OFFSET, input, { broker: copy.tgtBroker, ...callWithin(ctx) });
    if (offset === null || offset <= latest.queueOffset) return 'failed_again';
  }
  const since = latest?.storedAt ?? copy.sentAt ?? copy.intentAt;
  return isPop && ctx.now() - since < POP_INVISIBLE_MS ? 'redriven' : 'consumed';
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
