import type { Outcome } from '../mutation';
import { outcomesOf } from './ledger-counts';
import type { Note } from './note';
import { resolveUnknown } from './resolve-unknown';
import type { RedriveRun } from './run-context';

/** How long a broker that does not answer is waited for when only the account of a cancelled job depends on it, ms. */
const PATIENCE_MS = 15_000;

interface Steps {
  skipRest(run: RedriveRun): Promise<void>;
  verify(run: RedriveRun): Promise<Note | 'paused' | null>;
}

/**
 * Ends a redrive whose cancel was asked for: sends nothing more, looks for what is unknown and compares with the brokers. When a broker cannot be reached it ends all the same, and says so.
 */
export async function closeCancelled(given: RedriveRun, { skipRest, verify }: Steps): Promise<Outcome> {
  const times = { ...given.times, patienceMs: Math.min(given.times.patienceMs, PATIENCE_MS) };
  const run = { ...given, times };
  const { ctx, operation, control } = run;
  const isResolved = (await resolveUnknown(run)) === 'resolved';
  await ctx.store.items.moveAll(operation.id, 'UNKNOWN', 'NEEDS_DECISION', 'cancelled_unresolved');
  await skipRest(run);
  await operation.setState('VERIFYING');
  ctx.crashPoint?.('between_last_result_and_final_scan');
  const isVerified = isResolved && (await verify(run)) === null;
  ctx.crashPoint?.('between_final_scan_and_report');
  return control.cancelled(
    await outcomesOf(ctx.store, operation.id),
    isVerified ? 'cancelled_by' : 'cancelled_unverified',
  );
}
