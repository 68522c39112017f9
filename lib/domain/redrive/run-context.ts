import type { Lane } from '@/lib/rocketmq/client';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import type { Attempt } from '@/lib/store/attempts';
import type { Ctx } from '../ctx';
import type { JobControl } from '../jobs/control';
import type { QueueRef } from '../messages/read-queue';
import type { RunningOperation } from '../mutation';
import type { RedriveInput } from './input';
import type { JobLetters } from './job-letters';
import type { RedrivePolicy } from './policy';
import type { Results } from './results';
import type { Waits } from './waits';

/** Waiting times of a redrive, ms; tests shorten them. */
export interface RedriveTimes {
  /** One send; a broker may take 5 s for an honest answer (safety §4.3). */
  sendMs: number;
  /** After an unknown outcome, until the last byte that could still arrive has arrived. */
  settleMs: number;
  /** How long an unreachable or busy broker is waited for before the job pauses. */
  patienceMs: number;
  /** First wait after "busy"; doubles up to 16 times as long. */
  backOffMs: number;
  /** How long the job watches what becomes of the copies. */
  judgeMs: number;
  /** Between two looks at what became of the copies while more are to be sent. */
  lookMs: number;
  sleep(ms: number): Promise<void>;
}

export const REDRIVE_TIMES: RedriveTimes = {
  sendMs: 8000,
  settleMs: 10_000,
  patienceMs: 60_000,
  backOffMs: 500,
  judgeMs: 60_000,
  lookMs: 1000,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

export interface RedriveRun {
  ctx: Ctx;
  operation: RunningOperation<RedriveInput>;
  capability: WriteCapability;
  control: JobControl;
  times: RedriveTimes;
  /** One socket for writes per target broker. */
  sockets: Map<string, Lane>;
  /** Ends of the lanes before the first send: copies lie from there on. */
  floors: Map<string, number>;
  /** One past the last copy known to be stored, of lanes that have one. */
  ends: Map<string, number>;
  letters: JobLetters;
  results: Results;
  policy: RedrivePolicy;
  /** Brokers that cannot take part at present. */
  waits: Waits;
}

export const savePolicy = ({ operation, policy }: RedriveRun): Promise<void> =>
  operation.setPolicy(JSON.stringify(policy));

export const laneKey = ({ topic, broker, queueId }: { topic: string; broker: string; queueId: number }): string =>
  `${topic} ${broker} ${queueId}`;

export const laneOf = ({ tgtTopic, tgtBroker, tgtQueueId }: AttemptLane): QueueRef => ({
  topic: tgtTopic,
  broker: tgtBroker,
  queueId: tgtQueueId,
});
type AttemptLane = Pick<Attempt, 'tgtTopic' | 'tgtBroker' | 'tgtQueueId'>;

export const callWithin = (ctx: Ctx, ms = 3000) => ({ deadlineAt: ctx.now() + ms, signal: ctx.signal });

/** Nothing that waits in a socket of ours may still leave. */
export function destroySockets(run: RedriveRun, brokers: Iterable<string>): void {
  for (const broker of brokers) {
    run.sockets.get(broker)?.destroy();
    run.sockets.delete(broker);
  }
}

/** False when the job was asked to pause meanwhile; a cancel waits on, since what is under way has to be resolved. */
export async function waitUnlessPaused({ control, times, ctx }: RedriveRun, ms: number): Promise<boolean> {
  const until = ctx.now() + ms;
  await Promise.race([times.sleep(ms), asked(control, ms)]);
  if (control.checkpoint() === 'pause') return false;
  const left = until - ctx.now();
  if (left > 0 && control.checkpoint() === 'cancel') await times.sleep(left);
  return true;
}

/** Resolves only when somebody asks for something within `ms`. */
async function asked(control: JobControl, ms: number): Promise<void> {
  await control.wait(ms);
  if (control.checkpoint() === 'go') await new Promise(() => {});
}
