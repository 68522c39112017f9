import type { Watermark } from '@/lib/store/handled';
import type { FrozenFilter } from '@/lib/store/handled-by-filter';
import type { SourceIdentity } from '@/lib/store/items';

/** Numbers of the newest marks there were when it was planned; later ones stay. */
export interface NewestMarks {
  single: number;
  all: number;
}

/** Single letters; or what a filter lets through of the ledger as of the plan; or everything below an offset of each queue. */
export type HandleWhat =
  | { letters: SourceIdentity[] }
  | { filter: FrozenFilter; newest: NewestMarks }
  /** `newest` is missing in jobs of older versions. */
  | { all: Watermark[]; newest?: NewestMarks };

export interface HandleInput {
  group: string;
  count: number;
  what: HandleWhat;
}
