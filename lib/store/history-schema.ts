import type { Generated } from 'kysely';

// Samples for status windows, and what is kept of them for charts. Conventions as in schema.ts.

/** One sweep. What a queue of a failed broker was at that moment is unknown, not unchanged. */
export interface LagSweepTable {
  cluster: string;
  at: number;
  /** Since the sweep before; 0 when that was too long ago, or there was none. */
  spanMs: number;
  failedBrokersJson: string;
}

/** Queues of a sweep that changed, or all of them (`isKey`); see queue-frames.ts. */
export interface LagFrameTable {
  cluster: string;
  at: number;
  isKey: number;
  body: Uint8Array;
}

export interface HistoryGroupTable {
  id: Generated<number>;
  cluster: string;
  name: string;
  firstAt: number;
}

/** `age`: what `oldestAt` is. */
export const AGE = { none: 0, exact: 1, estimate: 2, unknown: 3 } as const;
export type Age = (typeof AGE)[keyof typeof AGE];
/** `state` of a group: seen, one of its brokers did not answer, or no longer there. */
export const GROUP_STATE = { seen: 0, silent: 1, gone: 2 } as const;
export type GroupState = (typeof GROUP_STATE)[keyof typeof GROUP_STATE];

/** A group at a sweep at which something of it had changed; until its next row it stands still. */
export interface HistorySampleTable {
  /** `at` without its seconds. */
  minute: number;
  groupId: number;
  at: number;
  /** The time in which `produced` and `consumed` were counted; 0 when they were not. */
  spanMs: number;
  produced: number;
  consumed: number;
  lag: number | null;
  /** Store time of the oldest unread message. */
  oldestAt: number | null;
  age: Age;
  waiting: number | null;
  due: number | null;
  dead: number | null;
  state: GroupState;
}

/** The samples of a group that begin in [at, at + tierMs): the last known figures, and the extremes. */
export interface HistoryRollupTable {
  tierMs: number;
  groupId: number;
  at: number;
  /** Between the sweeps in which `produced` and `consumed` were counted. */
  spanMs: number;
  produced: number;
  consumed: number;
  /** Messages per 1,000 s. */
  producedPeak: number | null;
  consumedPeak: number | null;
  lag: number | null;
  lagMin: number | null;
  lagMax: number | null;
  oldestAt: number | null;
  age: Age;
  ageMaxMs: number | null;
  waiting: number | null;
  due: number | null;
  retriesMax: number | null;
  dead: number | null;
  deadMax: number | null;
  /** 0: the group was at no moment of it in state seen. */
  isKnown: number;
  /** At the end. */
  state: GroupState;
}

/** Up to when samples are in a tier. */
export interface HistoryTierTable {
  cluster: string;
  tierMs: number;
  rolledTo: number;
}

/** A time without samples: of a broker, or (`broker` empty) of all. `to` is null while it lasts. */
export interface HistoryGapTable {
  cluster: string;
  broker: string;
  from: number;
  to: number | null;
  /** `down`: the console did not run; `unreached`: it could not sweep; `silent`: the broker did not answer. */
  reason: 'down' | 'unreached' | 'silent';
}

/** Offsets of a group that moved without consuming. */
export interface HistoryJumpTable {
  groupId: number;
  at: number;
  topic: string;
  direction: 'back' | 'forward';
  queues: number;
  messages: number;
}
