import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { LAST_COMMIT_MS } from '../snapshot/group-members';
import type { Sample, SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';
import type { UnknownReason } from '../unknown-reasons';
import { lagOf } from './evaluate';

/** Members persist their offsets every five seconds: over less than this a rate is mostly the moment of that. */
const MIN_SAMPLES = 3;
const MIN_SPAN_MS = 10_000;
/** Two rates this close are the same. */
const SAME_SHARE = 0.02;

export interface QueueFlow {
  /** Messages per second that producers add, and that the group reads. */
  inPerS: Known<number>;
  outPerS: Known<number>;
  /** Time until nothing waits at these rates, ms; `never` when the group reads no faster than is added. */
  drainMs: Known<number | 'never'>;
}

export type Direction = 'growing' | 'shrinking' | 'steady';

/** The queue with most lag. */
export interface WorstQueue {
  topic: string;
  broker: string;
  queueId: number;
  lag: number;
  /** Part of the group's lag, 0 to 1. */
  share: number;
}

export interface GroupFlow extends QueueFlow {
  /** Some queues' rates are not among the sums. */
  partial: UnknownReason | null;
  direction: Known<Direction>;
  /** Null when nothing waits. */
  worst: WorstQueue | null;
  queues: { queue: SnapshotGroupQueue; flow: QueueFlow }[];
}

export const lagOfQueue = ({
  committedOffset,
  maxOffset,
}: Pick<SnapshotGroupQueue, 'committedOffset' | 'maxOffset'>): number =>
  lagOf({ committed: committedOffset, max: maxOffset });

/** It had nothing to read at some moment of its window: the little that waits now is no backlog. */
export const keepsUp = ({ rule }: Pick<SnapshotGroupQueue, 'rule'>): boolean =>
  rule.key === 'no_lag' || rule.key === 'caught_up_in_window';

/** From when on nobody is known to read, epoch ms; null while somebody is, or hides behind a Proxy. */
export function desertedSince({
  members,
  offlineSince,
}: Pick<SnapshotGroup, 'members' | 'offlineSince'>): number | null {
  const isHidden = !isKnown(members) && members.unknown === 'behind_proxy';
  return offlineSince === null || isHidden ? null : offlineSince + LAST_COMMIT_MS;
}

/** Rates over the real span of the samples since an offset last jumped; unknown with too few of them. */
export function flowOfQueue(samples: readonly Sample[], deserted: number | null): QueueFlow {
  const unbroken = sinceJump(samples, deserted);
  const first = unbroken[0];
  const last = unbroken.at(-1);
  const span = first && last ? last.at - first.at : 0;
  if (!first || !last || unbroken.length < MIN_SAMPLES || span < MIN_SPAN_MS) return unmeasured('not_sampled');
  const inPerS = ((last.max - first.max) * 1000) / span;
  const outPerS = ((last.committed - first.committed) * 1000) / span;
  return {
    inPerS: known(inPerS, last.at),
    outPerS: known(outPerS, last.at),
    drainMs: known(drainMsOf(lagOf(last), inPerS, outPerS), last.at),
  };
}

/** ms until `lag` messages are read at these rates per second. */
export function drainMsOf(lag: number, inPerS: number, outPerS: number): number | 'never' {
  if (lag === 0) return 0;
  const net = outPerS - inPerS;
  return net > 0 ? Math.ceil((lag / net) * 1000) : 'never';
}

/**
 * Rates of a group's business queues. Its drain time is that of its slowest queue: the others cannot help it. Queues of
 * a broker that does not answer have none.
 */
export function flowOf(group: Pick<SnapshotGroup, 'queues' | 'mode' | 'members' | 'offlineSince'>): GroupFlow {
  const deserted = desertedSince(group);
  const queues = group.queues
    .filter(({ isRetry }) => !isRetry)
    .map((queue) => ({
      queue,
      flow: queue.rule.key === 'broker_silent' ? unmeasured('broker_silent') : flowOfQueue(queue.samples, deserted),
    }));
  const base = { worst: worstOf(queues.map(({ queue }) => queue)), queues };
  if (group.mode === 'BROADCASTING')
    return { ...base, ...unmeasured('broadcast'), partial: null, direction: unknown('broadcast') };
  const measured = queues.flatMap(({ queue, flow: { inPerS, outPerS, drainMs } }) =>
    isKnown(inPerS) && isKnown(outPerS) && isKnown(drainMs)
      ? // The one message that waits at the moment is no backlog that has to drain.
        [
          {
            in: inPerS.value,
            out: outPerS.value,
            drainMs: keepsUp(queue) ? 0 : drainMs.value,
            asOf: inPerS.asOf,
          },
        ]
      : [],
  );
  const left = queues.find(({ flow }) => !isKnown(flow.inPerS));
  const partial = left && !isKnown(left.flow.inPerS) ? (left.flow.inPerS.unknown as UnknownReason) : null;
  if (measured.length === 0) {
    const reason = partial ?? 'not_sampled';
    return { ...base, ...unmeasured(reason), partial: null, direction: unknown(reason) };
  }
  const inPerS = measured.reduce((sum, flow) => sum + flow.in, 0);
  const outPerS = measured.reduce((sum, flow) => sum + flow.out, 0);
  const asOf = Math.min(...measured.map((flow) => flow.asOf));
  return {
    ...base,
    inPerS: known(inPerS, asOf),
    outPerS: known(outPerS, asOf),
    drainMs: slowest(measured, partial, asOf),
    partial,
    direction: known(directionOf(inPerS, outPerS), asOf),
  };
}

/** One queue that never drains says it all; else an unmeasured one leaves the answer open. */
function slowest(
  measured: readonly { drainMs: number | 'never' }[],
  partial: UnknownReason | null,
  asOf: number,
): Known<number | 'never'> {
  if (measured.some(({ drainMs }) => drainMs === 'never')) return known('never', asOf);
  if (partial) return unknown(partial);
  return known(Math.max(...measured.map(({ drainMs }) => (drainMs === 'never' ? 0 : drainMs))), asOf);
}

function directionOf(inPerS: number, outPerS: number): Direction {
  if (Math.abs(inPerS - outPerS) <= SAME_SHARE * Math.max(inPerS, outPerS)) return 'steady';
  return inPerS > outPerS ? 'growing' : 'shrinking';
}

function worstOf(queues: readonly SnapshotGroupQueue[]): WorstQueue | null {
  let worst: SnapshotGroupQueue | undefined;
  let total = 0;
  for (const queue of queues) {
    total += lagOfQueue(queue);
    if (!worst || lagOfQueue(queue) > lagOfQueue(worst)) worst = queue;
  }
  if (!worst || total === 0) return null;
  const { topic, broker, queueId } = worst;
  return { topic, broker, queueId, lag: lagOfQueue(worst), share: lagOfQueue(worst) / total };
}

/**
 * The samples from the last one on at which an offset had been reset, or the topic created again. Of what moves while nobody is
 * known to read, a single step is a reset; several are the work of somebody no broker knows.
 */
function sinceJump(samples: readonly Sample[], deserted: number | null): readonly Sample[] {
  const steps: number[] = [];
  let jump = -1;
  samples.forEach((sample, index) => {
    const before = samples[index - 1];
    if (!before) return;
    if (sample.committed < before.committed || sample.max < before.max) jump = index;
    else if (deserted !== null && before.at >= deserted && sample.committed > before.committed) steps.push(index);
  });
  const [step = -1, ...more] = steps;
  const at = more.length > 0 ? jump : Math.max(jump, step);
  return at < 0 ? samples : samples.slice(at);
}

function unmeasured(reason: UnknownReason): QueueFlow {
  return { inPerS: unknown(reason), outPerS: unknown(reason), drainMs: unknown(reason) };
}

/** When the committed offset last moved, as far back as the samples go; null when it stood still throughout. */
export function lastMovedAt(samples: readonly Sample[]): number | null {
  const at = samples.findLastIndex((sample, index) => index > 0 && sample.committed !== samples[index - 1]?.committed);
  return samples[at]?.at ?? null;
}
