import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';

/** What a group had committed in a queue when somebody looked, oldest first. */
type Looks = { at: number; offset: number }[];

/** How far back it is remembered, ms; what was seen before is known by the last look until then. */
export const SEEN_MS = 60_000;

const seenBy = ({ client }: Pick<Ctx, 'client'>) => memoryOf(client, 'offsets-seen', () => new Map<string, Looks>());

/** Remembers one look. An offset that went back has passed nothing any more that lies above it. */
export function seeOffset(ctx: Pick<Ctx, 'client' | 'now'>, queue: string, offset: number): void {
  const now = ctx.now();
  const looks = (seenBy(ctx).get(queue) ?? []).filter((look) => look.offset <= offset);
  if (looks.at(-1)?.offset !== offset) looks.push({ at: now, offset });
  const settled = looks.findLastIndex(({ at }) => now - at >= SEEN_MS);
  seenBy(ctx).set(queue, looks.slice(Math.max(0, settled)));
}

/** Whether the offset was seen behind a record so long ago. A restart forgets, so that it is told later, never too soon. */
export const hasBeenPassed = (ctx: Pick<Ctx, 'client' | 'now'>, queue: string, queueOffset: number): boolean =>
  seenBy(ctx)
    .get(queue)
    ?.some(({ at, offset }) => offset > queueOffset && ctx.now() - at >= SEEN_MS) ?? false;
