import type { Lane } from '@/lib/rocketmq/client';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { SEND_MESSAGE_V2 } from '@/lib/rocketmq/requests/send-message-v2';
import { VIEW_MESSAGE_BY_ID } from '@/lib/rocketmq/requests/view-message-by-id';
import type { Item } from '@/lib/store/items';
import { copyOf } from '../edit/copy';
import { recordIdOf } from '../messages/record-id';
import { DLQ_PREFIX } from '../snapshot/system-names';
import type { FrozenLetter } from './input';
import { outcomeOfAnswer, outcomeOfError, type SendOutcome } from './outcome';
import type { Pace } from './pace';
import { AGAIN } from './resolve-unknown';
import { callWithin, destroySockets, laneKey, type RedriveRun } from './run-context';

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
 * the pace, and each answer is recorded as it comes. `unreachable` means that nothing was sent.
 */
export async function sendWindow(run: RedriveRun, items: readonly Item[], pace: Pace): Promise<Sent[] | 'unreachable'> {
  const { ctx, operation } = run;
  let loaded: Loaded[];
  try {
    loaded = await load(run, items);
    for (const broker of new Set(loaded.map(({ letter }) => letter.to.broker))) await openSocket(run, broker);
  } catch (error) {
    if (error instanceof RemotingError || error instanceof RocketMQError) return 'unreachable';
    throw error;
  }
  if (loaded.length === 0) return [];
  ctx.crashPoint?.('before_first_intent');
  const intentAt = ctx.now();
  await ctx.store.batch(
    ctx.store.attempts.insertIntents(
      loaded.map(({ n, k, letter: { uniqKey, edit, to } }) => ({
        operationId: operation.id,
        n,
        k,
        uniqKey: edit?.uniqKey ?? uniqKey,
        tgtTopic: to.topic,
        tgtBroker: to.broker,
        tgtQueueId: to.queueId,
        floorOffset: run.floors.get(laneKey(to)) ?? 0,
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

async function load(run: RedriveRun, items: readonly Item[]): Promise<Loaded[]> {
  const { ctx, operation } = run;
  const topic = DLQ_PREFIX + operation.input.group;
  const read = await Promise.all(
    items.map(async ({ n }) => {
      const letter = operation.input.letters[n] as FrozenLetter;
      const record = await ctx.client.call(
        VIEW_MESSAGE_BY_ID,
        { physicalOffset: letter.physicalOffset },
        { broker: letter.broker, ...callWithin(ctx) },
      );
      const tries = await ctx.store.attempts.list(operation.id, n);
      const k = 1 + Math.max(0, ...tries.map((attempt) => attempt.k));
      return { n, k, letter, record: record && isLetter(record, letter, topic) ? record : null };
    }),
  );
  const gone = read.filter(({ record }) => record === null);
  if (gone.length > 0) {
    await ctx.store.batch(
      gone.map(({ n }) => ctx.store.items.update(operation.id, n, { state: 'EXPIRED', terminalReason: 'source_gone' })),
    );
  }
  return read.flatMap(({ record, ...rest }) => (record ? [{ ...rest, record }] : []));
}

const isLetter = (record: StoredMessage, letter: FrozenLetter, topic: string): boolean =>
  record.topic === topic &&
  record.queueOffset === letter.queueOffset &&
  record.queueId === letter.queueId &&
  (record.properties.UNIQ_KEY ?? '') === letter.uniqKey;

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
  await record(run, each, outcome);
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

async function record({ ctx, operation }: RedriveRun, { n, k }: Loaded, outcome: SendOutcome): Promise<void> {
  const { state, code, remark, offsetMsgId, queueOffset } = outcome;
  const at = ctx.now();
  const isOpen = state === 'UNKNOWN';
  const refused = code === null ? 'not_sendable' : 'refused';
  // What is refused to all pauses the job; whoever resumes it has mended that.
  const mayGo = outcome.next === 'again' || (outcome.next === 'stop' && code !== null);
  const reason = state !== 'REJECTED' ? null : mayGo ? AGAIN : refused;
  await ctx.store.batch([
    ctx.store.attempts.update(operation.id, n, k, {
      sentAt: at,
      resultCode: code,
      remark,
      offsetMsgId,
      queueOffset,
      ...(isOpen ? {} : { resolvedBy: 'ANSWER' as const, resolvedAt: at }),
    }),
    ctx.store.items.update(operation.id, n, { state, terminalReason: reason }),
  ]);
}
