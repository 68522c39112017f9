import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { lagOf } from '../lag/evaluate';
import { flowOfQueue } from '../lag/rates';
import type { Snapshot, SnapshotGroup } from '../snapshot/snapshot';

interface PartialLag {
  lag: Known<number>;
  /** Why the lag leaves something out: there are at least so many. */
  partial: string | null;
}

export interface TopicLag {
  groups: ({ group: SnapshotGroup; out: RateSum } & PartialLag)[];
  /** Messages per second that its groups read, all of them added up. */
  out: RateSum;
  /** Largest known lag; unknown when no group's is known. */
  worst: Known<number>;
  /** Why `worst` leaves something out. */
  worstPartial: string | null;
  worstGroup: string | null;
}

const computed = new WeakMap<Snapshot, ReadonlyMap<string, TopicLag>>();

/** Who reads each topic, how fast and how far behind; RocketMQ's own groups are left out. Computed once per snapshot. */
export function lagByTopic(snapshot: Snapshot): ReadonlyMap<string, TopicLag> {
  const before = computed.get(snapshot);
  if (before) return before;
  const topics = compute(snapshot);
  computed.set(snapshot, topics);
  return topics;
}

function compute(snapshot: Snapshot): Map<string, TopicLag> {
  const byTopic = new Map<string, TopicLag>();
  for (const group of snapshot.groups.values()) {
    if (group.system) continue;
    const rates = outOfTopics(group);
    for (const [topic, { lag, partial }] of lagOfTopics(group, snapshot.asOf)) {
      const out = rates.get(topic) ?? { perS: null, missing: 'not_sampled' };
      const entry = byTopic.get(topic) ?? {
        groups: [],
        out: { perS: null, missing: null },
        worst: unknown('not_read'),
        worstPartial: null,
        worstGroup: null,
      };
      byTopic.set(topic, entry);
      entry.groups.push({ group, out, lag, partial });
      add(entry.out, out);
      if (isKnown(lag) && (!isKnown(entry.worst) || lag.value > entry.worst.value)) {
        entry.worst = lag;
        entry.worstPartial = partial;
        entry.worstGroup = group.name;
      } else if (!isKnown(lag) && !isKnown(entry.worst)) entry.worst = lag;
    }
  }
  return byTopic;
}

function lagOfTopics(group: SnapshotGroup, asOf: number): Map<string, PartialLag> {
  if (group.mode === 'BROADCASTING')
    return new Map(group.topics.map((topic) => [topic, { lag: unknown('broadcast'), partial: null }]));
  const sums = new Map<string, number>(group.topics.map((topic) => [topic, 0]));
  for (const queue of group.queues) {
    const lag = lagOf({ committed: queue.committedOffset, max: queue.maxOffset });
    sums.set(queue.topic, (sums.get(queue.topic) ?? 0) + lag);
  }
  const isOpen = new Set(group.queuesWithoutOffset.map(({ topic }) => topic));
  return new Map(
    [...sums].map(([topic, sum]) => {
      const reason = isOpen.has(topic) ? 'no_offset' : group.partial === 'no_offset' ? null : group.partial;
      return [topic, { lag: reason && sum === 0 ? unknown(reason) : known(sum, asOf), partial: reason }];
    }),
  );
}

/** What is known of a sum of rates, and why it leaves something out. */
interface RateSum {
  perS: number | null;
  missing: string | null;
}

function add(to: RateSum, rate: RateSum): void {
  if (rate.perS !== null) to.perS = (to.perS ?? 0) + rate.perS;
  to.missing ??= rate.missing;
}

export const rateOf = ({ perS, missing }: RateSum, asOf: number): Known<number> =>
  perS === null ? unknown(missing ?? 'not_sampled') : known(perS, asOf);

/** Messages per second that a group reads, by topic. */
function outOfTopics(group: SnapshotGroup): Map<string, RateSum> {
  if (group.mode === 'BROADCASTING')
    return new Map(group.topics.map((topic) => [topic, { perS: null, missing: 'broadcast' }]));
  const sums = new Map<string, RateSum>();
  for (const { topic, samples } of group.queues) {
    const sum = sums.get(topic) ?? { perS: null, missing: null };
    sums.set(topic, sum);
    const { outPerS } = flowOfQueue(samples);
    add(sum, isKnown(outPerS) ? { perS: outPerS.value, missing: null } : { perS: null, missing: outPerS.unknown });
  }
  return sums;
}
