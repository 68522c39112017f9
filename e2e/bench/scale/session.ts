import type { Ctx } from '@/lib/domain/ctx';
import type { Snapshot } from '@/lib/domain/snapshot/snapshot';
import { RocketMQClient } from '@/lib/rocketmq/client';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import type { WireRequest } from './wire';

/** The bench says how long it took; it does not give up. */
const DEADLINE_MS = 300_000;

const NO_STORE = new Proxy({}, { get: () => new Proxy({}, { get: () => async () => [] }) });

export interface Session {
  ctx: Ctx;
  client: RocketMQClient;
  /** What was asked since the last look, per broker; only while `record` is set. */
  record: Map<string, WireRequest[]> | null;
  show(snapshot: Snapshot | null): void;
}

/** What a sweep of the server has around it; unless one is given, with a store that takes everything and keeps nothing. */
export function openSession(
  nameServers: readonly string[],
  { store = NO_STORE, now = Date.now }: { store?: unknown; now?: () => number } = {},
): Session {
  const client = new RocketMQClient({ name: 'scale', nameServers, inFlightPerBroker: 64 });
  let shown: Snapshot | null = null;
  const session: Session = {
    client,
    record: null,
    show: (snapshot) => {
      shown = snapshot;
    },
    ctx: {
      cluster: 'scale',
      client,
      snapshot: () => shown,
      store,
      log: console,
      signal: new AbortController().signal,
      now,
      get deadlineAt() {
        return Date.now() + DEADLINE_MS;
      },
      requestId: 'bench',
    } as unknown as Ctx,
  };
  const call = client.call.bind(client);
  client.call = ((request: RequestDefinition<unknown, unknown>, input: unknown, target: Parameters<typeof call>[2]) => {
    const kept = session.record?.get(target.broker) ?? [];
    session.record?.set(target.broker, kept);
    if (session.record) kept.push(onWire(request, input));
    return call(request, input, target);
  }) as typeof client.call;
  return session;
}

export function onWire(request: RequestDefinition<unknown, unknown>, input: unknown): WireRequest {
  const fields: Record<string, string> = {};
  for (const [key, value] of Object.entries(request.encode(input).fields ?? {}))
    if (value !== undefined) fields[key] = String(value);
  return { code: request.code, fields };
}
