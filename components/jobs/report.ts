import type { JobDetail, JobItem } from '@/lib/contract/jobs';
import { asCsv, asJsonl } from '@/lib/format/csv';

/** One line per item; evidence as columns of its own. */
export function itemsAsCsv(items: readonly JobItem[]): string {
  const names = [...new Set(items.flatMap(({ evidence }) => Object.keys(evidence)))];
  return asCsv(
    ['n', 'item', 'state', 'attempts', ...names],
    items.map(({ n, label, state, attempts, evidence }) => [
      n,
      label,
      state,
      attempts,
      ...names.map((name) => evidence[name]),
    ]),
  );
}

/** First the job, then its items, one JSON value per line. */
export const itemsAsJsonl = ({ curl, can, ...job }: JobDetail, items: readonly JobItem[]): string =>
  asJsonl([{ job }, ...items]);
