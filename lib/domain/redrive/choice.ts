import type { RedrivePlan } from '@/lib/contract/plans';
import type { Failure } from '@/lib/contract/primitives';
import type { Aim } from './destination';
import type { RedriveFrozen } from './input';
import type { Letter } from './selection';
import type { Holders, Refusal } from './targets';

export type Skipped = RedrivePlan['skipped'][number];
export interface Aimed {
  letter: Letter;
  aim: Aim;
}

/** The letters that a plan would send, however they were chosen, and where to. */
export interface Choice {
  count: number;
  bytes: number;
  /** Of those that are sent, where it lies and when it died, epoch ms; null when none is. */
  oldest: { broker: string; storedAt: number } | null;
  /** How many go to each topic. */
  counts: ReadonlyMap<string, number>;
  aims: readonly Aim[];
  sources: ReadonlySet<string>;
  targets: ReadonlySet<string>;
  holders: Holders;
  refused: Refusal | null;
  /** As in `Targets`. */
  isFifo: boolean;
  skipped: Skipped[];
  /** Those that are sent last. */
  sample: readonly Aimed[];
  /** Letters without a sharding key; null when that is not known of all. */
  loose: number | null;
  /** Whether the targets were searched for copies by other consoles. */
  isMarkersComplete: boolean;
  /** Brokers that did not answer and may hold some of the letters. */
  silent: readonly Failure[];
  failures: readonly Failure[];
  frozen: RedriveFrozen;
}
