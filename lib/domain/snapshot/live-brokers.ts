import { setMaxListeners } from 'node:events';
import type { Failure } from '@/lib/contract/primitives';
import type { Ctx } from '../ctx';
import { DomainError } from '../errors';
import type { Snapshot, SnapshotBroker } from './snapshot';
import { causeOf } from './take';

/** A live read beside the snapshot: the page does not wait longer for it, the snapshot has an answer already. */
const PATIENCE_MS = 2000;

/** Limits of a live read. Every request in flight listens to the signal, hence no warning about their number. */
export function live(ctx: Ctx, patienceMs = PATIENCE_MS): { deadlineAt: number; signal: AbortSignal } {
  setMaxListeners(0, ctx.signal);
  return { deadlineAt: Math.min(ctx.deadlineAt, ctx.now() + patienceMs), signal: ctx.signal };
}

/**
 * Asks every broker that answered the last sweep; the others stand in the snapshot's failures already. Rejects
 * when there is none, `DomainError` UNAVAILABLE `no_master`, or, with the first cause, when the whole cluster was
 * asked and nobody answered.
 */
export async function askLive<T>(
  ctx: Pick<Ctx, 'cluster'>,
  snapshot: Snapshot,
  ask: (broker: SnapshotBroker) => Promise<T>,
  isAsked: (broker: SnapshotBroker) => boolean = () => true,
): Promise<{ answers: Map<string, T>; failures: Failure[] }> {
  const up = snapshot.brokers.filter(({ state }) => state === 'ok');
  if (up.length === 0 && snapshot.brokers.length > 0) throw noMaster(ctx, snapshot);
  const asked = up.filter(isAsked);
  const answers = new Map<string, T>();
  const errors = new Map<string, unknown>();
  await Promise.all(
    asked.map(async (broker) => {
      try {
        answers.set(broker.name, await ask(broker));
      } catch (error) {
        errors.set(broker.name, error);
      }
    }),
  );
  if (up.length > 0 && errors.size === up.length) throw [...errors.values()][0];
  const failures = [...errors].map(([broker, error]) => ({ broker, ...causeOf(error) }));
  return { answers, failures: [...snapshot.failures, ...failures] };
}

export function noMaster(ctx: Pick<Ctx, 'cluster'>, { brokers }: Pick<Snapshot, 'brokers'>): DomainError {
  const names = brokers.map(({ name }) => name).join(', ');
  return new DomainError('UNAVAILABLE', 'no_master', { cluster: ctx.cluster, brokers: names });
}
