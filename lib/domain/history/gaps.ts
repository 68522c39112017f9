import type { HistoryGap } from '@/lib/contract/history';
import type { HistoryRow, StoredHistory } from '@/lib/store/history';
import { GROUP_STATE } from '@/lib/store/history-schema';
import { type Interval, overlap } from './intervals';

/** The console sweeps, and the newest sweep is older than this: it cannot reach the cluster. */
const OVERDUE_MS = 60_000;

/** Times of the range without figures of the group, oldest first, and why. */
export function gapsOf(stored: StoredHistory, { from, to }: Interval): HistoryGap[] {
  const { lastSweepAt } = stored;
  const gaps: HistoryGap[] = [];
  for (const gap of stored.gaps) {
    if (gap.broker === '' && gap.reason !== 'silent')
      gaps.push({ from: gap.from, to: gap.to ?? to, reason: gap.reason, brokers: [] });
  }
  if (lastSweepAt !== null && to - lastSweepAt > OVERDUE_MS)
    gaps.push({ from: lastSweepAt, to, reason: 'unreached', brokers: [] });
  for (const { reason, ...interval } of unseen(stored, to)) {
    const silent = stored.gaps.filter(
      (gap) => gap.broker !== '' && overlap({ from: gap.from, to: gap.to ?? to }, interval) > 0,
    );
    const brokers = reason === 'gone' ? [] : [...new Set(silent.map(({ broker }) => broker))].sort();
    gaps.push({ ...interval, reason, brokers });
  }
  return gaps
    .map((gap) => ({ ...gap, from: Math.max(from, gap.from), to: Math.min(to, gap.to) }))
    .filter((gap) => gap.from < gap.to)
    .sort((a, b) => a.from - b.from);
}

/** From the row that says so until the next in which the group was seen. */
function* unseen({ base, rows }: StoredHistory, end: number): Generator<Interval & { reason: 'silent' | 'gone' }> {
  let open: { from: number; reason: 'silent' | 'gone' } | null = null;
  for (const row of base ? [base, ...rows] : rows) {
    if (open && row.isKnown) {
      yield { ...open, to: row.at };
      open = null;
    }
    if (row.state !== GROUP_STATE.seen && !open)
      open = { from: endOfKnown(row), reason: row.state === GROUP_STATE.gone ? 'gone' : 'silent' };
  }
  if (open) yield { ...open, to: end };
}

const endOfKnown = ({ at, tierMs, isKnown }: HistoryRow) => (isKnown ? at + tierMs : at);
