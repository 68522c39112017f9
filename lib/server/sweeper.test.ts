import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Ctx } from '@/lib/domain/ctx';
import { requireSnapshot } from '@/lib/domain/snapshot/require-snapshot';
import type { Snapshot } from '@/lib/domain/snapshot/snapshot';
import { takeSnapshot } from '@/lib/domain/snapshot/take';
import { RemotingError } from '@/lib/rocketmq/errors';
import { readiness } from './health';
import { log } from './log';
import { afterFirstSweep } from './ready-ctx';
import { type Runtime, setRuntime } from './runtime';
import { type Sweeper, startSweeper } from './sweeper';

vi.mock('@/lib/domain/snapshot/take', () => ({ takeSnapshot: vi.fn() }));
const take = vi.mocked(takeSnapshot);

const INTERVAL_MS = 5000;
const warn = vi.spyOn(log, 'warn').mockReturnValue(undefined);
const picture = (version: number) => ({ version, brokers: [], facts: new Map() }) as unknown as Snapshot;
const refused = () =>
  new RemotingError('CONNECT', '127.0.0.1:1', 'no NameServer answered: connect ECONNREFUSED', false);

let sweeper: Sweeper;
let ctx: Ctx;
function begin(): Sweeper {
  ctx = {
    cluster: 'demo',
    client: { nameServers: ['127.0.0.1:1'], topology: { failures: [] } },
    snapshot: () => sweeper.snapshot(),
    now: Date.now,
    deadlineAt: Date.now() + 4000,
    signal: new AbortController().signal,
  } as unknown as Ctx;
  sweeper = startSweeper('demo', () => ctx, INTERVAL_MS);
  setRuntime({ clusters: new Map([['demo', { sweeper }]]) } as unknown as Runtime);
  return sweeper;
}
const ready = async () => readiness(new Request('http://127.0.0.1/readyz', { headers: { host: '127.0.0.1' } })).status;
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  take.mockReset();
  warn.mockClear();
});
afterEach(() => {
  sweeper.stop();
  setRuntime(undefined);
  vi.useRealTimers();
});

test('a cluster nobody can reach: ready after the first failure, told with its cause, asked again ever more rarely', async () => {
  take.mockRejectedValue(refused());
  begin();
  expect(await ready()).toBe(503);
  sweeper.start();
  await pass(0);
  expect(await ready()).toBe(200);
  expect(sweeper.lastError()?.message).toMatch(/ECONNREFUSED/);
  expect(() => requireSnapshot(ctx)).toThrow(/cluster_unreachable/);

  await pass(10 * 60_000);
  const attempts = take.mock.calls.length;
  // At 30 s and a fifth of jitter, after 10, 20 and 30 s: no storm, and no giving up.
  expect(attempts).toBeGreaterThan(15);
  expect(attempts).toBeLessThan(28);
  expect(warn).toHaveBeenCalledTimes(1);
});

test('a cluster that comes back is swept at the usual pace, and one that goes again keeps its last picture', async () => {
  take.mockRejectedValueOnce(refused()).mockResolvedValueOnce(picture(1)).mockResolvedValueOnce(picture(2));
  begin().start();
  await pass(12_001);
  expect(sweeper.lastError()).toBeNull();
  expect(sweeper.snapshot()?.version).toBe(1);
  await pass(INTERVAL_MS);
  expect(sweeper.snapshot()?.version).toBe(2);
  take.mockRejectedValue(refused());
  await pass(INTERVAL_MS);
  expect(sweeper.lastError()).not.toBeNull();
  expect(requireSnapshot(ctx).version).toBe(2);
});

test('many who wait for the first picture cost one sweep, and a failed one is not waited for again', async () => {
  let fail: (error: Error) => void = () => {};
  take.mockImplementationOnce(() => new Promise((_, reject) => (fail = reject)));
  begin();
  const waiting = Promise.all([afterFirstSweep(ctx), afterFirstSweep(ctx), sweeper.refresh()]);
  fail(refused());
  await waiting;
  await afterFirstSweep(ctx);
  expect(take).toHaveBeenCalledTimes(1);
});

test('who waits for a first picture that takes long is let go at the deadline of the request', async () => {
  vi.useRealTimers();
  take.mockImplementationOnce(() => new Promise(() => {}));
  begin();
  await afterFirstSweep({ ...ctx, deadlineAt: Date.now() + 20 });
  expect(sweeper.snapshot()).toBeNull();
});

test('no sweep follows after the end', async () => {
  take.mockResolvedValue(picture(1));
  begin().start();
  await pass(0);
  sweeper.stop();
  await pass(60_000);
  expect(take).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('a context that cannot be made is a failed sweep like any other', async () => {
  sweeper = startSweeper(
    'demo',
    () => {
      throw new Error('the runtime has not been started');
    },
    INTERVAL_MS,
  );
  await sweeper.refresh();
  expect(sweeper.lastError()?.message).toBe('the runtime has not been started');
});
