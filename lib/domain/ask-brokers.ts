import { setMaxListeners } from 'node:events';
import type { Failure } from '@/lib/contract/primitives';
import { CodecError } from '@/lib/rocketmq/codec/codec-error';
import { causeOf, RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { causeParams } from './access-refused';
import type { Ctx } from './ctx';
import { DomainError } from './errors';

export interface Asked<T> {
  items: { broker: string; value: T }[];
  failures: Failure[];
  /** What the first failure threw; undefined when all answered. */
  error: unknown;
}

/** Longest wait for one read, ms (safety §4.3). */
const READ_MS = 3000;

/** A broker that the last sweep could not read is given this long to show that it lives. */
const PROBE_MS = 1000;

/** When a read has to be answered. */
export function within({ signal, deadlineAt, now }: Pick<Ctx, 'deadlineAt' | 'signal' | 'now'>, patienceMs = READ_MS) {
  // Every request in flight listens to it.
  setMaxListeners(0, signal);
  return { deadlineAt: Math.min(deadlineAt, now() + patienceMs), signal };
}

/** A read of one broker. */
export function targetOf(ctx: Ctx, broker: string) {
  const known = ctx.snapshot()?.brokers.find(({ name }) => name === broker);
  return { broker, ...within(ctx, known && known.state !== 'ok' ? PROBE_MS : READ_MS) };
}

/**
 * Names of the brokers that can be asked, and those that are known but cannot: without a master, or seen by an earlier
 * sweep and no longer registered.
 */
export async function brokersOf(ctx: Ctx): Promise<{ brokers: string[]; failures: Failure[] }> {
  const { items, failures } = await ctx.client.topology.masters(within(ctx));
  const brokers = items.map(({ name }) => name);
  const missing = failures.map(({ broker, code }) => ({ broker, code, message: `${broker} has no master` }));
  for (const { name, state } of ctx.snapshot()?.brokers ?? []) {
    if (state === 'ok' || brokers.includes(name) || missing.some(({ broker }) => broker === name)) continue;
    missing.push({ broker: name, code: 'NOT_REGISTERED', message: `${name} is not registered at any NameServer` });
  }
  if (brokers.length === 0) throw noMaster(ctx, missing);
  return { brokers, failures: missing };
}

/** Asks all of them at once and keeps the good part. Only what a server or the network did is a failure. */
export async function askBrokers<T>(
  brokers: readonly string[],
  ask: (broker: string) => Promise<T>,
): Promise<Asked<T>> {
  const items: Asked<T>['items'] = [];
  const failures: Failure[] = [];
  let first: unknown;
  await Promise.all(
    brokers.map(async (broker) => {
      try {
        items.push({ broker, value: await ask(broker) });
      } catch (error) {
        failures.push(failureOf(broker, error));
        first ??= error;
      }
    }),
  );
  items.sort((a, b) => (a.broker < b.broker ? -1 : 1));
  return { items, failures: oneEach(failures), error: first };
}

/** Rethrows what is neither a server's answer nor a network error. */
export function failureOf(broker: string, error: unknown): Failure {
  if (error instanceof RocketMQError || error instanceof RemotingError || error instanceof CodecError)
    return { broker, ...causeOf(error) };
  throw error;
}

/** One failure per broker: the first says it. */
export function oneEach(failures: readonly Failure[]): Failure[] {
  const seen = new Set<string>();
  return failures.filter(({ broker }) => !seen.has(broker) && seen.add(broker));
}

/**
 * Throws when nobody answered, since an empty list would look like an empty cluster: UNAVAILABLE `no_master` when nobody
 * could be reached, else what the first one said, or that it said nothing in time.
 */
export function requireSome<T>(ctx: Pick<Ctx, 'cluster'>, asked: Asked<T>): Asked<T> {
  const { items, failures, error } = asked;
  if (items.length > 0 || failures.length === 0) return asked;
  const isLate = failures.every(({ code }) => code === 'TIMEOUT' || code === 'ABORTED');
  throw error instanceof RemotingError && !isLate ? noMaster(ctx, failures) : error;
}

export function noMaster({ cluster }: Pick<Ctx, 'cluster'>, failures: readonly Failure[]): DomainError {
  return new DomainError('UNAVAILABLE', 'no_master', {
    cluster,
    brokers: failures.map(({ broker }) => broker).join(', '),
    ...firstCause(failures),
  });
}

/** Text parameters of the first cause among them that somebody has to mend. */
export function firstCause(failures: readonly Pick<Failure, 'code' | 'params'>[]): Record<string, string> {
  const found = failures.find(({ params }) => params !== undefined);
  return found ? causeParams(found.code, found.params) : {};
}
