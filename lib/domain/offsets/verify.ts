import type { ResetQueue } from '@/lib/store/reset-queues';
import type { Ctx } from '../ctx';
import { jobOf } from '../jobs/control';
import { journal } from './apply-queue';
import { type GroupClients, groupClients, queueHolders } from './group-clients';
import { judge, type Seen } from './judge';
import { queueResult } from './queue-result';
import { queueKey, readCommitted } from './read-queue';
import type { ResetInput } from './reset-input';

/** After the write; after the broker's flush (5 s); then until a client's long poll (15 s) and restart have passed. */
const LOOKS_MS = [1000, 6000, 10_000, 14_000, 18_000, 22_000, 26_000, 30_000];
/** From here on an unmoved offset of a group without members is final. */
const FLUSHED_MS = 6000;

const WATCHED: readonly ResetQueue['state'][] = ['WRITTEN', 'UNKNOWN', 'APPLIED', 'APPLIED_THEN_MOVED', 'OVERRIDDEN'];

/**
 * Watches what was written until every queue has settled, at most 30 s: written, picked up by a client, moving on, or
 * overridden. Ends early when the job is asked to end; what was not seen stays unverified.
 */
export async function verify(ctx: Ctx, input: ResetInput, rows: readonly ResetQueue[]): Promise<void> {
  const { control } = jobOf(ctx);
  const watched = rows.filter(({ state }) => WATCHED.includes(state));
  const seen = new Map<ResetQueue, Seen[]>(watched.map((row) => [row, []]));
  const startedAt = ctx.now();
  let clients: GroupClients | null = null;
  for (const look of LOOKS_MS) {
    await control.wait(startedAt + look - ctx.now());
    const asked = control.checkpoint();
    clients = await groupClients(ctx, input.group).catch(() => null);
    const isOffline = clients?.members === 0;
    await Promise.all(watched.map((row) => lookAt(ctx, input, row, seen.get(row) ?? [], isOffline)));
    if (look >= FLUSHED_MS && clients && !isOffline) await markPickedUp(ctx, input, watched, clients);
    const isSettled = watched.every((row) => settled(row, isOffline && look >= FLUSHED_MS));
    if (asked !== 'go' || isSettled) return;
  }
}

async function lookAt(ctx: Ctx, input: ResetInput, row: ResetQueue, seen: Seen[], isOffline: boolean): Promise<void> {
  const offset = await readCommitted(ctx, input, row).catch(() => undefined);
  const at = ctx.now();
  if (typeof offset === 'number') seen.push({ at, offset });
  const known = queueResult(row);
  const isAtTarget = offset === row.targetOffset;
  const wasAtTarget = isAtTarget || known.seenAtTargetAt !== undefined;
  const state = judge(row, seen, { wasAtTarget, isOffline });
  const isMoving = state === 'APPLIED_THEN_MOVED' && known.movingAt === undefined;
  await journal(ctx, row, {
    state,
    ...(typeof offset === 'number' && { verifiedOffset: offset, verifiedAt: at }),
    result: {
      ...(isAtTarget && known.seenAtTargetAt === undefined && { seenAtTargetAt: at }),
      ...(isMoving && { movingAt: at, pickedUpAt: known.pickedUpAt ?? at }),
    },
  });
}

/** A client that has asked for messages since the write has been sent to the new offset. */
async function markPickedUp(
  ctx: Ctx,
  { group, topic }: ResetInput,
  rows: readonly ResetQueue[],
  { clients }: GroupClients,
): Promise<void> {
  const open = rows.filter((row) => row.state === 'APPLIED' && queueResult(row).pickedUpAt === undefined);
  if (open.length === 0) return;
  const { holders } = await queueHolders(ctx, group, topic, clients);
  for (const row of open) {
    const lastPullAt = holders.get(queueKey(row))?.lastPullAt ?? null;
    if (lastPullAt !== null && row.appliedAt !== null && lastPullAt > row.appliedAt)
      await journal(ctx, row, { result: { pickedUpAt: ctx.now() } });
  }
}

/** Moving on; or nobody there to move it; or picked up with nothing to read. */
function settled(row: ResetQueue, isFinal: boolean): boolean {
  if (row.state === 'APPLIED_THEN_MOVED') return true;
  if (row.state !== 'APPLIED') return false;
  return isFinal || (queueResult(row).pickedUpAt !== undefined && row.targetOffset >= row.maxBefore);
}
