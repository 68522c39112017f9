import type { FailureRow } from '@/lib/contract/dead-letters';
import type { TraceReply } from '@/lib/contract/trace';
import { TRACED_RESULTS, type TracedResult } from '@/lib/contract/words';
import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';
import { parseRecordId, type RecordPlace } from '../messages/record-id';

type Traced = NonNullable<FailureRow['traced']>;
const told = (result: string): result is TracedResult => (TRACED_RESULTS as readonly string[]).includes(result);

/** Traces that somebody looked at since the last turn of the background; more of them push out the oldest. */
const MOST_NOTED = 1000;
interface Noted {
  group: string;
  place: RecordPlace;
  result: TracedResult;
  client: string | null;
  tracedAt: number;
}
const noted = ({ client }: Pick<Ctx, 'client'>) => memoryOf(client, 'noted-traces', () => new Map<string, Noted>());
/** By ledger: how often something was kept. */
const kept = ({ client }: Pick<Ctx, 'client'>) => memoryOf(client, 'kept-traces', () => new Map<number, number>());

/**
 * Notes what a trace told of dead letters: how their last traced attempt ended, and where. An attempt that only asked for a
 * retry tells nothing. Looking writes nothing: the background keeps it.
 */
export function noteTraceResults(ctx: Pick<Ctx, 'client' | 'now'>, { groups }: Pick<TraceReply, 'groups'>): void {
  const all = noted(ctx);
  for (const { group, dead, attempts } of groups) {
    const last = attempts.findLast(({ source }) => source === 'trace');
    const place = dead && parseRecordId(dead.id);
    if (!place || !last || !told(last.result)) continue;
    const key = JSON.stringify([group, dead.id]);
    all.delete(key);
    all.set(key, { group, place, result: last.result, client: last.client, tracedAt: ctx.now() });
    const [oldest] = all.keys();
    if (all.size > MOST_NOTED && oldest !== undefined) all.delete(oldest);
  }
}

/** Keeps what traces told since the last time; one turn of the background. */
export async function keepTraceResults(ctx: Ctx): Promise<void> {
  for (const [key, { group, place, ...told }] of noted(ctx)) {
    const groupId = await ctx.store.letters.groupId(ctx.cluster, group);
    const { broker, physicalOffset: phyOffset } = place;
    await ctx.store.letters.keepTrace({ groupId, broker, phyOffset, ...told });
    noted(ctx).delete(key);
    kept(ctx).set(groupId, 1 + (kept(ctx).get(groupId) ?? 0));
  }
}

/** Changes whenever a trace was kept. */
export const tracesKept = (ctx: Pick<Ctx, 'client'>, groupId: number): number => kept(ctx).get(groupId) ?? 0;

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
