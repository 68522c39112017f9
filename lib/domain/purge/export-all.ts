import type { Ctx } from '../ctx';
import type { LetterQueue } from '../dead-letters/queues';
import { type Archive, writeArchive } from '../export/archive';
import { tellProgress } from '../export/progress';
import { type QueueRange, readRanges } from '../export/read-all';
import { readBounds } from '../messages/read-queue';
import type { RunningOperation } from '../mutation';
import { DLQ_PREFIX } from '../snapshot/system-names';

const MAX_EXTENSIONS = 3;

/**
 * Exports the whole dead-letter topic and proves that the archive holds everything the queues held when they were last
 * asked: when letters came meanwhile it is written again with them, up to three times (safety §5.6). Says how far it is;
 * throws `Stopped` when the job is asked to end.
 */
export async function exportAll(
  ctx: Ctx,
  operation: Pick<RunningOperation<unknown>, 'heartbeat'>,
  group: string,
  queues: readonly LetterQueue[],
  dir: string,
  name: string,
): Promise<{ archive: Archive; comparedAt: number; isComplete: boolean; extensions: number }> {
  const topic = DLQ_PREFIX + group;
  let bounds = await Promise.all(
    queues.map(async ({ broker, queueId }) => ({
      broker,
      queueId,
      ...(await readBounds(ctx, { broker, topic, queueId })),
    })),
  );
  for (let extensions = 0; ; extensions += 1) {
    const ranges = bounds.map(
      ({ broker, queueId, minOffset, maxOffset }): QueueRange => ({ broker, queueId, from: minOffset, to: maxOffset }),
    );
    const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
    const letters = tellProgress(ctx, operation, readRanges(ctx, group, ranges), total);
    const archive = await writeArchive(dir, name, letters);
    const comparedAt = ctx.now();
    const now = await Promise.all(
      bounds.map(async (queue) => ({ ...queue, ...(await readBounds(ctx, { ...queue, topic })) })),
    );
    const isComplete = now.every((queue, index) => queue.maxOffset === bounds[index]?.maxOffset);
    if (isComplete || extensions === MAX_EXTENSIONS) return { archive, comparedAt, isComplete, extensions };
    bounds = now;
  }
}
