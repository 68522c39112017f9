import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';

/** What a group had committed in a queue when somebody looked, oldest first. */
type Looks = { at: number; offset: number }[];

/** How far back it is remembered, ms; what was seen before is known by the last look until then. */
export const SEEN_MS = 60_000;

const seenBy = ({ client }: Pick<Ctx, 'client'>) => memoryOf(client, 'offsets-seen', () => new Map<string, Looks>());

/** Remembers one look. An offset that went back makes those before worthless. */
export function seeOffset(ctx: Pick<Ctx, 'client' | 'now'>, queue: string, offset: number): void {
  const looks = seenBy(ctx).get(queue) ?? [];
  const last = looks.at(-1);
  if (last?.offset === offset) return;
  const now = ctx.now();
  const settled = looks.findLastIndex(({ at }) => now - at >= SEEN_MS);
  const kept = last && last.offset > offset ? [] : looks.slice(Math.max(0, settled));
  seenBy(ctx).set(queue, [...kept, { at: now, offset }]);
}

/** Whether the offset was seen behind a record so long ago. A restart forgets, so that it is told later, never too soon. */
export const hasBeenPassed = (ctx: Pick<Ctx, 'client' | 'now'>, queue: string, queueOffset: number): boolean =>
  seenBy(ctx)
    .get(queue)
    ?.some(({ at, offset }) => offset > queueOffset && ctx.now() - at >= SEEN_MS) ?? false;
