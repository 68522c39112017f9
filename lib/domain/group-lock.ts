import type { Ctx } from './ctx';
import { DomainError } from './errors';

/** CONFLICT `group_locked`, with the operation that holds the lock in `details`; undefined while nobody holds it. */
export async function groupLocked(ctx: Ctx, group: string | null): Promise<DomainError | undefined> {
  const holder = group === null ? undefined : await ctx.store.operations.activeOfGroup(ctx.cluster, group);
  if (!holder) return undefined;
  const { id, kind, state, createdAt, createdByName } = holder;
  return new DomainError(
    'CONFLICT',
    'group_locked',
    { group: group ?? '', operation: id, kind, by: createdByName },
    { operation: { id, kind, state, createdAt, createdByName } },
  );
}
