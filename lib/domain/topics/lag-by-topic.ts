import { isKnown, type Known, known, unknown } from '@/lib/contract/primitives';
import { desertedSince, flowOfQueue } from '../lag/rates';
import { oncePer } from '../once-per';
import {
  type GroupRows,
  hasStoodStill,
  lagOfPart,
  type RowPart,
  rowsOfPart,
  samplesOfRow,
} from '../snapshot/group-rows';
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

/** Who reads each topic, how fast and how far behind; RocketMQ's own groups are left out. */
export const lagByTopic = oncePer((snapshot: Snapshot): ReadonlyMap<string, TopicLag> => {
  const byTopic = new Map<string, TopicLag>();
  for (const group of snapshot.groups.values()) {
    if (group.system) continue;
    for (const [topic, { lag, partial, out }] of readingOf(group, snapshot.asOf)) {
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
});

type Reading = PartialLag & { out: RateSum };

/** What a group reads, by topic: business topics and its retry topics. */
function readingOf(group: SnapshotGroup, asOf: number): Map<string, Reading> {
  const unsure = (reason: string): Reading => ({
    lag: unknown(reason),
    partial: null,
    out: { perS: null, missing: reason },
  });
  if (group.mode === 'BROADCASTING') return new Map(group.topics.map((topic) => [topic, unsure('broadcast')]));
  const sums = new Map<string, number>(group.topics.map((topic) => [topic, 0]));
  const rates = new Map<string, RateSum>();
  const { rows } = group;
  const deserted = desertedSince(group);
  // In a group that has stood still all queues are alike, and there may be thousands of such groups.
  const [first] = rows?.parts ?? [];
  const still = rows && first && hasStoodStill(rows) ? rateOfRow(rows, first, first.from, deserted) : null;
  for (const part of rows?.parts ?? []) {
    sums.set(part.topic, (sums.get(part.topic) ?? 0) + lagOfPart(rows as GroupRows, part));
    const rate = rates.get(part.topic) ?? { perS: null, missing: null };
    rates.set(part.topic, rate);
    if (still) add(rate, still);
    else for (const row of rowsOfPart(part)) add(rate, rateOfRow(rows as GroupRows, part, row, deserted));
  }
  const isOpen = new Set(group.queuesWithoutOffset.map(({ topic }) => topic));
  return new Map(
    [...sums].map(([topic, sum]) => {
      const reason = isOpen.has(topic) ? 'no_offset' : group.partial === 'no_offset' ? null : group.partial;
      const out = rates.get(topic) ?? { perS: null, missing: 'not_sampled' };
      return [topic, { lag: reason && sum === 0 ? unknown(reason) : known(sum, asOf), partial: reason, out }];
    }),
  );
}

function rateOfRow(rows: GroupRows, part: RowPart, row: number, deserted: number | null): RateSum {
  const { outPerS } = flowOfQueue(samplesOfRow(rows, part, row), deserted);
  return isKnown(outPerS) ? { perS: outPerS.value, missing: null } : { perS: null, missing: outPerS.unknown };
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
