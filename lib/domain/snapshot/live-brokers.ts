import type { Failure } from '@/lib/contract/primitives';
import { askBrokers, noMaster, requireSome, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import type { Snapshot, SnapshotBroker } from './snapshot';

/** A live read beside the snapshot: the page does not wait longer for it, the snapshot has an answer already. */
const PATIENCE_MS = 2000;

/** Limits of a live read. */
export const live = (ctx: Ctx, patienceMs = PATIENCE_MS) => within(ctx, patienceMs);

/**
 * Asks every broker that answered the last sweep; the others stand in the snapshot's failures already. Rejects
 * when there is none, `DomainError` UNAVAILABLE `no_master`, or, as `requireSome`, when the whole cluster was
 * asked and nobody answered.
 */
export async function askLive<T>(
  ctx: Pick<Ctx, 'cluster'>,
  snapshot: Snapshot,
  ask: (broker: SnapshotBroker) => Promise<T>,
  isAsked: (broker: SnapshotBroker) => boolean = () => true,
): Promise<{ answers: Map<string, T>; failures: Failure[] }> {
  const up = new Map(snapshot.brokers.filter(({ state }) => state === 'ok').map((broker) => [broker.name, broker]));
  if (up.size === 0 && snapshot.brokers.length > 0) throw noMasterOf(ctx, snapshot);
  const wanted = [...up.values()].filter(isAsked);
  const asked = await askBrokers(
    wanted.map(({ name }) => name),
    (name) => ask(up.get(name) as SnapshotBroker),
  );
  if (wanted.length === up.size) requireSome(ctx, asked);
  const answers = new Map(asked.items.map(({ broker, value }) => [broker, value]));
  return { answers, failures: [...snapshot.failures, ...asked.failures] };
}

export const noMasterOf = (ctx: Pick<Ctx, 'cluster'>, { brokers, failures }: Pick<Snapshot, 'brokers' | 'failures'>) =>
  noMaster(
    ctx,
    brokers.map(({ name }) => failures.find(({ broker }) => broker === name) ?? silent(name)),
  );

const silent = (broker: string): Failure => ({ broker, code: 'TIMEOUT', message: `${broker} did not answer` });
