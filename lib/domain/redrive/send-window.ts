import { SEND_MESSAGE_V2 } from '@/lib/rocketmq/requests/send-message-v2';
import { breather } from '../breather';
import { copyOf } from '../edit/copy';
import { uniqKeyOfItem } from '../edit/uniq-key';
import { recordIdOf } from '../messages/record-id';
import type { FrozenLetter } from './input';
import type { Loaded } from './load-window';
import { outcomeOfAnswer, outcomeOfError, type SendOutcome } from './outcome';
import type { Pace } from './pace';
import { destroySockets, laneKey, type RedriveRun } from './run-context';

export interface Sent {
  n: number;
  letter: FrozenLetter;
  outcome: SendOutcome;
  /** From the frame to the answer, or to the end of the wait for it. */
  tookMs: number;
}
/** Sends one window: the intents of all of it are made durable, then the frames go out at the pace, and each answer is recorded as it comes. */
export async function sendWindow(run: RedriveRun, loaded: readonly Loaded[], pace: Pace): Promise<Sent[]> {
  if (loaded.length === 0) return [];
  await writeIntents(run, loaded);
  return sendFrames(run, loaded, pace);
}

async function writeIntents(run: RedriveRun, loaded: readonly Loaded[]): Promise<void> {
  const { ctx } = run;
  ctx.crashPoint?.('before_first_intent');
  const intentAt = ctx.now();
  await ctx.store.batch(
    ctx.store.attempts.insertIntents(
      run.operation.id,
      loaded.map(({ n, k, letter: { uniqKey, edit, to } }) => ({
        n,
        k,
        uniqKey: edit?.uniqKey ?? newKeyOf(run, n) ?? uniqKey,
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
}

async function sendFrames(run: RedriveRun, loaded: readonly Loaded[], pace: Pace): Promise<Sent[]> {
  const { ctx } = run;
  const sending: Promise<Sent>[] = [];
  const breathe = breather();
  for (const each of loaded) {
    await pace.take(each.record.storedBody.length);
    await breathe();
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

const newKeyOf = ({ operation: { id, input } }: RedriveRun, n: number): string | undefined =>
  input.newIds ? uniqKeyOfItem(id, n) : undefined;

function frame(run: RedriveRun, { n, k, letter, record }: Loaded) {
  const { ctx, operation, capability, sockets, times } = run;
  const { to, destination, originTopic } = letter;
  const { group } = operation.input;
  const source = recordIdOf(letter);
  const { properties, body, sysFlag } = copyOf(record, letter.edit, {
    destination,
    group,
    originTopic,
    marker: { operationId: operation.id, n, k, source },
    newUniqKey: newKeyOf(run, n),
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
