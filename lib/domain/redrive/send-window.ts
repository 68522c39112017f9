import type { Lane } from '@/lib/rocketmq/client';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { SEND_MESSAGE_V2 } from '@/lib/rocketmq/requests/send-message-v2';
import type { Item, ItemResult } from '@/lib/store/items';
import { accessRefused } from '../access-refused';
import { copyOf } from '../edit/copy';
import { recordIdOf } from '../messages/record-id';
import type { FrozenLetter } from './input';
import { outcomeOfAnswer, outcomeOfError, type SendOutcome } from './outcome';
import type { Pace } from './pace';
import { readLetters } from './read-letters';
import { callWithin, destroySockets, laneKey, type Note, type RedriveRun } from './run-context';

export interface Sent {
  n: number;
  letter: FrozenLetter;
  outcome: SendOutcome;
  /** From the frame to the answer, or to the end of the wait for it. */
  tookMs: number;
}
interface Loaded {
  n: number;
  k: number;
  letter: FrozenLetter;
  record: StoredMessage;
}

/**
 * Sends one window: the letters are read again, the intents of all of them are made durable, then the frames go out at
 * the pace, and each answer is recorded as it comes. `unreachable`, or a note, means that nothing was sent.
 */
export async function sendWindow(
  run: RedriveRun,
  items: readonly Item[],
  pace: Pace,
): Promise<Sent[] | Note | 'unreachable'> {
  const { ctx } = run;
  let loaded: Loaded[];
  try {
    loaded = await load(run, items);
    for (const broker of new Set(loaded.map(({ letter }) => letter.to.broker))) await openSocket(run, broker);
  } catch (error) {
    const refused = accessRefused(error);
    if (refused) return refused;
    if (error instanceof RemotingError || error instanceof RocketMQError) return 'unreachable';
    throw error;
  }
  if (loaded.length === 0) return [];
  ctx.crashPoint?.('before_first_intent');
  const intentAt = ctx.now();
  await ctx.store.batch(
    ctx.store.attempts.insertIntents(
      run.operation.id,
      loaded.map(({ n, k, letter: { uniqKey, edit, to } }) => ({
        n,
        k,
        uniqKey: edit?.uniqKey ?? uniqKey,
        tgtTopic: to.topic,
        tgtBroker: to.broker,
        tgtQueueId: to.queueId,
        // Whatever is stored from now on lies behind what is known to be stored.
        floorOffset: run.ends.get(laneKey(to)) ?? run.floors.get(laneKey(to)) ?? 0,
        intentAt,
      })),
    ),
  );
  ctx.crashPoint?.('between_intent_and_frame');
  const sending: Promise<Sent>[] = [];
  for (const each of loaded) {
    await pace.take();
    sending.push(send(run, each));
  }
  // A frame leaves in the next tick, its answer cannot be here before the one after.
  if (ctx.crashPoint) await new Promise<void>((resolve) => process.nextTick(resolve));
  ctx.crashPoint?.('after_frame_before_answer');
  const settled = await Promise.allSettled(sending);
  const failed = settled.find(({ status }) => status === 'rejected');
  const sent = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  // A frame without an answer may wait in its socket: a job that pauses now must not let it out later.
  const unanswered = sent.filter(({ outcome }) => outcome.state === 'UNKNOWN').map(({ letter }) => letter.to.broker);
  destroySockets(run, failed ? [...run.sockets.keys()] : unanswered);
  if (failed?.status === 'rejected') throw failed.reason;
  ctx.crashPoint?.('result_committed');
  return sent;
}

/** Letters of one sharding key keep their order: at most one of them is under way. */
async function load(run: RedriveRun, items: readonly Item[]): Promise<Loaded[]> {
  const { ctx, operation, letters } = run;
  const records = await readLetters(run, items);
  const tried = await ctx.store.attempts.lastTries(
    operation.id,
    items.filter(({ state }) => state !== 'SELECTED').map(({ n }) => n),
  );
  const loaded: Loaded[] = [];
  const ended: ItemResult[] = [];
  const keys = new Set<string>();
  for (const item of items) {
    const { n } = item;
    const record = records.get(n);
    const letter = record && letters.letterOf(item, record);
    const key = record?.properties.__SHARDINGKEY;
    if (!record) ended.push({ n, state: 'EXPIRED', terminalReason: 'source_gone' });
    else if (!letter) ended.push({ n, state: 'REJECTED', terminalReason: 'not_sendable' });
    else if (key === undefined || !keys.has(key)) loaded.push({ n, k: 1 + (tried.get(n) ?? 0), letter, record });
    if (key !== undefined) keys.add(key);
  }
  if (ended.length > 0) await ctx.store.batch([ctx.store.items.results(operation.id, ended)]);
  return loaded;
}

async function openSocket(run: RedriveRun, broker: string): Promise<Lane> {
  const open = run.sockets.get(broker);
  if (open?.isOpen) return open;
  const lane = await run.ctx.client.openLane(broker, callWithin(run.ctx));
  run.sockets.set(broker, lane);
  return lane;
}

async function send(run: RedriveRun, each: Loaded): Promise<Sent> {
  const { ctx, control } = run;
  const sentAt = ctx.now();
  const outcome = await frame(run, each).then(outcomeOfAnswer, outcomeOfError);
  const tookMs = ctx.now() - sentAt;
  ctx.crashPoint?.('answer_not_committed');
  await run.results.add(each.n, each.k, outcome);
  const lane = laneKey(each.letter.to);
  if (outcome.queueOffset !== null) run.ends.set(lane, Math.max(run.ends.get(lane) ?? 0, outcome.queueOffset + 1));
  if (outcome.state !== 'REJECTED') control.sent();
  return { n: each.n, letter: each.letter, outcome, tookMs };
}

function frame({ ctx, operation, capability, sockets, times }: RedriveRun, { n, k, letter, record }: Loaded) {
  const { to, destination, originTopic } = letter;
  const { group } = operation.input;
  const source = recordIdOf(letter);
  const { properties, body, sysFlag } = copyOf(record, letter.edit, {
    destination,
    group,
    originTopic,
    marker: { operationId: operation.id, n, k, source },
  });
  return ctx.client.call(
    SEND_MESSAGE_V2,
    {
      // Under ACL a retry topic is written with the right to consume as this group.
      producerGroup: destination === 'topic' ? 'REDRIVE' : group,
      topic: to.topic,
      queueId: to.queueId,
      sysFlag,
      flag: record.flag,
      bornAt: ctx.now(),
      properties,
      body,
      reconsumeTimes: 0,
      brokerName: to.broker,
    },
    { broker: to.broker, lane: sockets.get(to.broker), capability, deadlineAt: ctx.now() + times.sendMs },
  );
}
