import type { ReturnedLetters } from '@/lib/contract/returned';
import type { StoreTables } from '@/lib/store/tables';
import type { LetterQueue } from '../dead-letters/queues';
import { lastDeletions } from './deletions';

/**
 * Purged letters of a group that are back, as the last look after a restart of their broker found them. A later purge of
 * them ends it, and so does a queue that is known to be empty.
 */
export async function returnedLetters(
  store: Pick<StoreTables, 'db'>,
  cluster: string,
  group: string,
  queues: readonly LetterQueue[] = [],
): Promise<ReturnedLetters[]> {
  const deletions = await lastDeletions(store, cluster, group);
  return deletions.flatMap(({ jobId, broker, purgedAt, looks }) => {
    const found = looks.at(-1)?.returned ?? 0;
    const here = queues.filter((queue) => queue.broker === broker);
    const kept = here.reduce((sum, { minOffset, maxOffset }) => sum + maxOffset - minOffset, 0);
    const count = here.length > 0 ? Math.min(found, kept) : found;
    return count > 0 ? [{ jobId, purgedAt, broker, count }] : [];
  });
}
