import type { FailureRow } from '@/lib/contract/dead-letters';
import type { TraceReply } from '@/lib/contract/trace';
import { TRACED_RESULTS, type TracedResult } from '@/lib/contract/words';
import type { Ctx } from '../ctx';
import { parseRecordId } from '../messages/record-id';

type Traced = NonNullable<FailureRow['traced']>;
const told = (result: string): result is TracedResult => (TRACED_RESULTS as readonly string[]).includes(result);

/**
 * Keeps what a trace told of dead letters: how their last traced attempt ended, and where. An attempt that only asked for
 * a retry tells nothing. Whoever looks at a trace gets it, whether or not this could be kept.
 */
export async function keepTraceResults(ctx: Ctx, { groups }: Pick<TraceReply, 'groups'>): Promise<void> {
  for (const { group, dead, attempts } of groups) {
    const last = attempts.findLast(({ source }) => source === 'trace');
    const place = dead && parseRecordId(dead.id);
    if (!place || !last || !told(last.result)) continue;
    try {
      const groupId = await ctx.store.letters.groupId(ctx.cluster, group);
      const { broker, physicalOffset: phyOffset } = place;
      const { result, client } = last;
      await ctx.store.letters.keepTrace({ groupId, broker, phyOffset, result, client, tracedAt: ctx.now() });
    } catch (error) {
      ctx.log.warn({ group, err: error }, 'result of a trace could not be kept');
    }
  }
}

/** By failure, how the last attempt of a letter ended whose trace somebody looked up: the newest, and of how many. */
export async function tracedOf({ store }: Ctx, groupId: number): Promise<Map<number, Traced>> {
  const found = new Map<number, Traced>();
  for (const { failureId, result, client, tracedAt } of await store.letters.traces(groupId)) {
    if (!told(result)) continue;
    const newest = found.get(failureId);
    if (newest) newest.letters += 1;
    else found.set(failureId, { result, client, at: tracedAt, letters: 1 });
  }
  return found;
}
