import { setMaxListeners } from 'node:events';
import type { Failure } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import type { Snapshot, SnapshotBroker } from './snapshot';
import { causeOf } from './take';

/** A live read beside the snapshot: the page does not wait longer for it, the snapshot has an answer already. */
const PATIENCE_MS = 2000;

/** Limits of a live read. Every request in flight listens to the signal, hence no warning about their number. */
export function live(ctx: Ctx, patienceMs = PATIENCE_MS): { deadlineAt: number; signal: AbortSignal } {
  setMaxListeners(0, ctx.signal);
  return { deadlineAt: Math.min(ctx.deadlineAt, ctx.now() + patienceMs), signal: ctx.signal };
}

/** Asks every broker that answered the last sweep; the others stand in the snapshot's failures already. */
export async function askLive<T>(
  snapshot: Snapshot,
  ask: (broker: SnapshotBroker) => Promise<T>,
  isAsked: (broker: SnapshotBroker) => boolean = () => true,
): Promise<{ answers: Map<string, T>; failures: Failure[] }> {
  const answers = new Map<string, T>();
  const failures = [...snapshot.failures];
  await Promise.all(
    snapshot.brokers.map(async (broker) => {
      if (broker.state !== 'ok' || !isAsked(broker)) return;
      try {
        answers.set(broker.name, await ask(broker));
      } catch (error) {
        failures.push({ broker: broker.name, ...causeOf(error) });
      }
    }),
  );
  return { answers, failures };
}
