import type { Letter } from '@/lib/store/letters-find';

/** What a broker hands out at once, unless told otherwise (`maxTransferCountOnMessageInMemory`). */
const MOST_LETTERS = 32;
/** Bodies of one range that are held in memory at a time; a larger letter is a range of its own. */
const MOST_BYTES = 512 * 1024;
/** Letters that nobody asked for are read along when fewer lie between two that are wanted: another pull costs more. */
const MOST_BETWEEN = 8;

type Place = Pick<Letter, 'broker' | 'queueId' | 'queueOffset' | 'bodyBytes'>;
export interface Range<Row extends Place = Letter> {
  broker: string;
  queueId: number;
  from: number;
  to: number;
  rows: Row[];
}

/** Stretches of the queues that hold these letters, each small enough for one pull. */
export function rangesOf<Row extends Place>(rows: readonly Row[]): Range<Row>[] {
  const inOrder = [...rows].sort(
    (a, b) =>
      (a.broker < b.broker ? -1 : a.broker > b.broker ? 1 : 0) ||
      a.queueId - b.queueId ||
      a.queueOffset - b.queueOffset,
  );
  const ranges: Range<Row>[] = [];
  let bytes = 0;
  for (const row of inOrder) {
    const { broker, queueId, queueOffset, bodyBytes } = row;
    const last = ranges.at(-1);
    bytes += bodyBytes;
    if (
      last &&
      last.broker === broker &&
      last.queueId === queueId &&
      queueOffset - last.to <= MOST_BETWEEN &&
      queueOffset - last.from < MOST_LETTERS &&
      bytes <= MOST_BYTES
    ) {
      last.to = queueOffset + 1;
      last.rows.push(row);
    } else {
      ranges.push({ broker, queueId, from: queueOffset, to: queueOffset + 1, rows: [row] });
      bytes = bodyBytes;
    }
  }
  return ranges;
}
