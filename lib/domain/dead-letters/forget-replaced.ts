import type { Ctx } from '../ctx';
import { stillThere } from '../redrive/still-there';
import type { LetterQueue } from './queues';

/**
 * Forgets the letters of queues that were deleted and began again: another message lies where the newest of them did. Who only
 * compares offsets sees that when the new queue has grown beyond the old one. Answers the queues it was so with.
 */
export async function forgetReplaced(
  ctx: Ctx,
  group: string,
  groupId: number,
  queues: readonly LetterQueue[],
): Promise<LetterQueue[]> {
  const ends = (await ctx.store.letters.spans(groupId)).flatMap(({ broker, queueId, to, lastPhyOffset }) =>
    lastPhyOffset === null ? [] : { broker, queueId, queueOffset: to - 1, physicalOffset: lastPhyOffset },
  );
  const presence = await stillThere(ctx, group, queues, ends);
  const isReplaced = ({ broker, queueId }: LetterQueue) =>
    ends.some((end) => end.broker === broker && end.queueId === queueId && presence(end) === 'other');
  const replaced = queues.filter(isReplaced);
  for (const queue of replaced) await forgetQueue(ctx, groupId, queue);
  return replaced;
}

/** All letters of a queue are no longer on the cluster. */
export async function forgetQueue(
  ctx: Ctx,
  groupId: number,
  { broker, queueId }: Pick<LetterQueue, 'broker' | 'queueId'>,
): Promise<void> {
  const all = { broker, queueId, below: Number.MAX_SAFE_INTEGER, at: ctx.now() };
  await ctx.store.transaction(({ letters }) => letters.forget(groupId, all));
}
