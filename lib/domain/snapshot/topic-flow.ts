import { type Known, known, unknown } from '@/lib/contract/primitives';
import type { SnapshotBroker, SnapshotTopic } from './snapshot';
import { isInternalType } from './system-names';

/** How fast a topic is written: its end offsets over time. */
export interface TopicFlow {
  /** Whose queues are counted; with another set of brokers it begins anew. */
  brokers: string;
  /** Sum of the end offsets, oldest first, over about the last minute. */
  samples: readonly FlowSample[];
  /** Messages written in each of the last minutes, oldest first; null where nobody looked. */
  minutes: readonly (number | null)[];
  /** Where the minute under way began. */
  minute: FlowSample;
}
interface FlowSample {
  at: number;
  written: number;
}

export const FLOW_MINUTES = 60;
const MINUTE_MS = 60_000;
/** A rate over less is noise. */
const MIN_SPAN_MS = 4_000;

/** One more sample for every topic of an application; RocketMQ's own are not measured. */
export function advanceFlows(
  before: ReadonlyMap<string, TopicFlow> | undefined,
  topics: ReadonlyMap<string, SnapshotTopic>,
  brokers: readonly SnapshotBroker[],
  at: number,
): Map<string, TopicFlow> {
  const isUp = new Set(brokers.filter(({ state }) => state === 'ok').map(({ name }) => name));
  const flows = new Map<string, TopicFlow>();
  for (const topic of topics.values()) {
    if (isInternalType(topic.type)) continue;
    const queues = topic.queues.filter(({ broker }) => isUp.has(broker));
    const names = [...new Set(queues.map(({ broker }) => broker))].sort().join(' ');
    const written = queues.reduce((sum, { maxOffset }) => sum + maxOffset, 0);
    flows.set(topic.name, advance(before?.get(topic.name), names, { at, written }));
  }
  return flows;
}

function advance(before: TopicFlow | undefined, brokers: string, now: FlowSample): TopicFlow {
  const last = before?.samples.at(-1);
  // Fewer than before: the topic was created again.
  if (!before || !last || before.brokers !== brokers || now.written < last.written)
    return { brokers, samples: [now], minutes: before?.minutes ?? [], minute: now };
  const samples = [...before.samples.filter(({ at }) => now.at - at <= MINUTE_MS), now];
  const minute = now.at - before.minute.at;
  if (minute < MINUTE_MS) return { ...before, samples };
  const missed = Math.min(FLOW_MINUTES, Math.floor(minute / MINUTE_MS) - 1);
  const written = Math.round((now.written - before.minute.written) / (minute / MINUTE_MS));
  const minutes = [...before.minutes, ...new Array<null>(missed).fill(null), missed > 0 ? null : written];
  return { brokers, samples, minutes: minutes.slice(-FLOW_MINUTES), minute: now };
}

/** Messages per second over about the last minute. */
export function rateInOf(flow: TopicFlow | undefined): Known<number> {
  const first = flow?.samples[0];
  const last = flow?.samples.at(-1);
  if (!first || !last || last.at - first.at < MIN_SPAN_MS) return unknown('not_sampled');
  return known(((last.written - first.written) * 1000) / (last.at - first.at), last.at);
}

const PER_POINT = 2;

/** Messages per second, a point for every two minutes of the last hour, oldest first. */
export function inHistoryOf(flow: TopicFlow | undefined): (number | null)[] {
  const points: (number | null)[] = [];
  const minutes = flow?.minutes ?? [];
  for (let end = minutes.length; end > 0; end -= PER_POINT) {
    const seen = minutes.slice(Math.max(0, end - PER_POINT), end).filter((count) => count !== null);
    const written = seen.reduce((sum, count) => sum + count, 0);
    points.unshift(seen.length > 0 ? Math.round((written / seen.length / 60) * 10) / 10 : null);
  }
  return points;
}
