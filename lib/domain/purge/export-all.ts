import type { Ctx } from '../ctx';
import type { LetterQueue } from '../dead-letters/queues';
import { type Archive, extendArchive, writeArchive } from '../export/archive';
import { tellProgress } from '../export/progress';
import { type QueueRange, readRanges } from '../export/read-all';
import { readBounds } from '../messages/read-queue';
import type { RunningOperation } from '../mutation';
import { DLQ_PREFIX } from '../snapshot/system-names';

const MAX_EXTENSIONS = 3;

/**
 * Exports the whole dead-letter topic and proves that the archive holds everything the queues held when they were last
 * asked: letters that came meanwhile are added to it, up to three times (safety §5.6). Says how far it is;
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
  const boundsNow = () =>
    Promise.all(
      queues.map(async ({ broker, queueId }) => ({
        broker,
        queueId,
        ...(await readBounds(ctx, { broker, topic, queueId })),
      })),
    );
  const read = (ranges: QueueRange[], before = 0) => {
    const total = before + ranges.reduce((sum, { from, to }) => sum + to - from, 0);
    return tellProgress(ctx, operation, readRanges(ctx, group, ranges), total, before);
  };
  let bounds = await boundsNow();
  let archive = await writeArchive(
    dir,
    name,
    read(bounds.map(({ minOffset, maxOffset, ...queue }) => ({ ...queue, from: minOffset, to: maxOffset }))),
  );
  for (let extensions = 0; ; extensions += 1) {
    const comparedAt = ctx.now();
    const now = await boundsNow();
    const tail = bounds.flatMap(({ broker, queueId, maxOffset: from }, index): QueueRange[] => {
      const to = now[index]?.maxOffset ?? from;
      if (to < from) throw new Error(`${topic} began again on ${broker} while it was exported`);
      return to === from ? [] : [{ broker, queueId, from, to }];
    });
    if (tail.length === 0 || extensions === MAX_EXTENSIONS)
      return { archive, comparedAt, isComplete: tail.length === 0, extensions };
    archive = await extendArchive(dir, archive, read(tail, archive.count));
    bounds = now;
  }
}
