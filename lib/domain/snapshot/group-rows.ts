import { evaluateQueue, lagOf, type QueueVerdict } from '../lag/evaluate';
import type { FoundQueues } from './group-queues';
import { type Frame, framesOfPart, type Rewound, sampleAt } from './queue-window';
import type { Sample, SnapshotGroupQueue } from './snapshot';

/** Queues of one topic on one broker, rows `from` and following. */
export interface RowPart {
  topic: string;
  broker: string;
  isRetry: boolean;
  queueIds: readonly number[];
  from: number;
}

/** The queues of a group as columns: as objects, those of a large cluster would fill the memory. */
export interface GroupRows {
  found: FoundQueues;
  parts: readonly RowPart[];
  committed: readonly number[];
  max: readonly number[];
  min: readonly number[];
  /** Oldest first, the present last. */
  frames: readonly Frame[];
  /** By row. */
  rewound: ReadonlyMap<number, Rewound>;
}

/** What a verdict needs to know beyond the rows. */
export interface Judging {
  /** The broker answered this sweep. */
  isFresh(broker: string): boolean;
  /** A member holds the queue, for all queues or by queue; null = not known. */
  held: boolean | null | ReadonlySet<string>;
  /** Until when the ends of the topic's queues are known, epoch ms. */
  asOf(part: RowPart): number;
}

/** How {@link Judging} names a queue. */
export const heldKey = ({ topic, broker, queueId }: { topic: string; broker: string; queueId: number }): string =>
  `${topic} ${broker} ${queueId}`;

/** The rows as objects, small ones: what is long is made when somebody reads it. */
export function queuesOfRows(rows: GroupRows, judging: Judging): SnapshotGroupQueue[] {
  return rows.parts.flatMap((part) => part.queueIds.map((_, index) => new RowQueue(rows, part, index, judging)));
}

class RowQueue implements SnapshotGroupQueue {
  constructor(
    private readonly rows: GroupRows,
    private readonly part: RowPart,
    private readonly index: number,
    private readonly judging: Judging,
  ) {}
  get topic() {
    return this.part.topic;
  }
  get broker() {
    return this.part.broker;
  }
  get queueId() {
    return this.part.queueIds[this.index] ?? 0;
  }
  get isRetry() {
    return this.part.isRetry;
  }
  get asOf() {
    return this.judging.asOf(this.part);
  }
  get committedOffset() {
    return this.rows.committed[this.row] ?? 0;
  }
  get maxOffset() {
    return this.rows.max[this.row] ?? 0;
  }
  get minOffset() {
    return this.rows.min[this.row] ?? 0;
  }
  get samples() {
    return samplesOfRow(this.rows, this.part, this.row);
  }
  get rewound() {
    return this.rows.rewound.get(this.row) ?? null;
  }
  get status() {
    return this.verdict.status;
  }
  get rule() {
    return this.verdict.rule;
  }
  private get row() {
    return this.part.from + this.index;
  }
  private get verdict() {
    return verdictOf(this.rows, this.part, this.index, this.samples, this.judging);
  }
}

/**
 * Verdicts from which the worst of the group follows: of every queue that waits for something, and one for those that do not,
 * which are all alike. In a group that has stood still the queue with most lag speaks for the others too, and one of its
 * retry topics for those.
 */
export function verdictsOfRows(rows: GroupRows, judging: Judging): QueueVerdict[] {
  const verdicts: QueueVerdict[] = [];
  const isWhole = rows.frames.every(({ missing }) => missing === null);
  const isStill = isOfAll(judging.held) && rows.rewound.size === 0 && hasStoodStill(rows);
  let hasIdle = false;
  const worst = new Map<boolean, { part: RowPart; index: number; lag: number }>();
  for (const part of rows.parts) {
    const frames = framesOfPart(rows.frames, part.broker);
    if (!isWhole) hasIdle = false;
    for (let index = 0; index < part.queueIds.length; index++) {
      const lag = lagAt(rows, part.from + index);
      if (lag === 0) {
        if (!hasIdle) verdicts.push(judge(rows, part, index, frames, judging));
        hasIdle = true;
      } else if (!isStill) verdicts.push(judge(rows, part, index, frames, judging));
      else if (lag > (worst.get(part.isRetry)?.lag ?? 0)) worst.set(part.isRetry, { part, index, lag });
    }
  }
  for (const { part, index } of worst.values()) verdicts.push(judge(rows, part, index, rows.frames, judging));
  return verdicts;
}

const isOfAll = (held: Judging['held']): held is boolean | null => held === null || typeof held === 'boolean';

/** No offset of any queue has moved in the window, and every broker answered throughout. */
export const hasStoodStill = ({ frames }: GroupRows): boolean =>
  frames.every(
    ({ committed, max, missing }) => missing === null && committed === frames[0]?.committed && max === frames[0]?.max,
  );

/** Lag of the business queues, of a topic's alone if one is named. */
export function lagOfRows(rows: GroupRows, topic?: string): number {
  let lag = 0;
  for (const part of rows.parts) {
    if (topic === undefined ? !part.isRetry : part.topic === topic) lag += lagOfPart(rows, part);
  }
  return lag;
}

export function lagOfPart(rows: GroupRows, { from, queueIds }: RowPart): number {
  let lag = 0;
  for (let row = from; row < from + queueIds.length; row++) lag += lagAt(rows, row);
  return lag;
}

export function* rowsOfPart({ from, queueIds }: RowPart): Generator<number> {
  for (let row = from; row < from + queueIds.length; row++) yield row;
}

/** Samples of the sweeps in which the queue's broker answered, oldest first. */
export const samplesOfRow = (rows: GroupRows, { broker }: RowPart, row: number): Sample[] =>
  samplesOf(framesOfPart(rows.frames, broker), row);

const lagAt = (rows: GroupRows, row: number): number =>
  lagOf({ committed: rows.committed[row] ?? 0, max: rows.max[row] ?? 0 });

function samplesOf(frames: readonly Frame[], row: number): Sample[] {
  const samples: Sample[] = [];
  for (const frame of frames) {
    const sample = sampleAt(frame, row);
    if (sample) samples.push(sample);
  }
  return samples;
}

function judge(
  rows: GroupRows,
  part: RowPart,
  index: number,
  frames: readonly Frame[],
  judging: Judging,
): QueueVerdict {
  const { topic, broker, isRetry } = part;
  const { status, rule } = verdictOf(rows, part, index, samplesOf(frames, part.from + index), judging);
  return { status, rule, topic, broker, queueId: part.queueIds[index] ?? 0, isRetry };
}

function verdictOf(rows: GroupRows, part: RowPart, index: number, samples: Sample[], judging: Judging) {
  const { topic, broker } = part;
  if (!judging.isFresh(broker))
    return { status: 'UNKNOWN' as const, rule: { key: 'broker_silent', params: { broker } } };
  const rewound = rows.rewound.get(part.from + index) ?? null;
  const { held } = judging;
  const isHeld = isOfAll(held) ? held : held.has(heldKey({ topic, broker, queueId: part.queueIds[index] ?? 0 }));
  return evaluateQueue({ samples, rewound, isHeld });
}
