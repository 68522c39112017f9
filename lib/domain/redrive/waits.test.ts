import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RemotingError } from '@/lib/rocketmq/errors';
import { freshDir } from '@/lib/store/fixtures';
import type { Item } from '@/lib/store/items';
import { openStore, type Store } from '@/lib/store/open';
import { readWholeLedger } from '../dead-letters/whole-ledger.fixture';
import type { FakeBroker } from './fake-broker.fixture';
import { NextItems } from './next-items';
import type { RedriveRun } from './run-context';
import { redriveOf, type Scene, sceneOf, TIMES } from './scene.fixture';
import { Waits } from './waits';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const RETRY = '%RETRY%g';
const copiesAt = (broker: FakeBroker) => broker.queue(RETRY, 0).map(({ properties }) => properties.UNIQ_KEY);
const noteOf = ({ errorJson }: { errorJson: string | null }) => JSON.parse(errorJson ?? 'null');

/** The other master goes away with its first send. */
function loseOther({ other }: Scene): void {
  other.onSend = async () => {
    other.isDown = true;
  };
}

describe('one master of two', () => {
  test('is gone: what lies on the other is sent, and only then the job pauses; back again, the rest is sent', async () => {
    const at = sceneOf(store, 90, 2);
    loseOther(at);
    const job = await redriveOf(at);
    const ended = await job.run();
    expect(ended.state).toBe('PAUSED');
    expect(copiesAt(at.broker)).toHaveLength(45);
    const counts = await job.counts();
    expect(counts).toMatchObject({ CONFIRMED: expect.any(Number) });
    at.other.isDown = false;
    at.other.onSend = async () => {};
    expect((await job.resume()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: 90 });
    expect(new Set(copiesAt(at.other)).size).toBe(45);
    expect(copiesAt(at.other)).toHaveLength(45);
  });

  test('cannot be read: the job says at once whom it waits for, and how many letters go on without it', async () => {
    const at = sceneOf(store, 2400, 2);
    at.ctx.maxRate = 6400;
    await readWholeLedger(at);
    const job = await redriveOf(at, { rate: 6400 });
    at.broker.onSend = async () => {
      at.other.isDown = true;
    };
    const told: Awaited<ReturnType<typeof job.progress>>[] = [];
    at.broker.onStored = (message) => {
      if (message.queueOffset === 1000) void job.progress().then((progress) => told.push(progress));
    };
    const ended = await job.run();
    expect(ended.state).toBe('PAUSED');
    expect(noteOf(ended)).toEqual({ key: 'broker_unreachable', params: { broker: 'broker-b' } });
    expect(copiesAt(at.broker)).toHaveLength(1200);
    const { CONFIRMED = 0, SELECTED = 0, ...rest } = (await job.counts()) as Record<string, number>;
    const waiting = SELECTED + (rest.REJECTED ?? 0);
    expect(CONFIRMED + waiting).toBe(2400);
    expect(told[0]?.waiting).toMatchObject({
      brokers: [{ broker: 'broker-b', reason: 'unreachable', since: expect.any(Number), code: null }],
      letters: SELECTED,
    });
    at.other.isDown = false;
    at.broker.onSend = async () => {};
    expect((await job.resume()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: 2400 });
    expect((await job.progress())?.waiting).toBeNull();
  });

  test('does not answer a send: what became of it is looked for when nothing can arrive any more, and the other goes on', async () => {
    const at = sceneOf(store, 90, 2);
    at.other.deeds = [{ kind: 'silence', isStored: true }];
    const job = await redriveOf(at, {}, { ...TIMES, settleMs: 400, patienceMs: 5000 });
    let storedBefore = -1;
    const { call } = at.other.client;
    at.other.client.call = async (request, input, target) => {
      if (request.name === 'GET_BROKER_RUNTIME_INFO' && storedBefore < 0) storedBefore = copiesAt(at.broker).length;
      return call(request, input, target);
    };
    expect((await job.run()).state).toBe('DONE');
    expect(storedBefore).toBe(45);
    expect(await job.counts()).toEqual({ CONFIRMED: 90 });
    expect(copiesAt(at.other)).toHaveLength(45);
  });

  test('is busy for long: the job pauses for it when nothing else is left to send', async () => {
    const at = sceneOf(store, 50, 2);
    at.other.deeds = Array.from({ length: 500 }, () => ({ kind: 'refuse', code: 2 }));
    const job = await redriveOf(at, {}, { ...TIMES, patienceMs: 60 });
    const ended = await job.run();
    expect(noteOf(ended)).toEqual({ key: 'broker_busy', params: { broker: 'broker-b' } });
    expect(copiesAt(at.broker)).toHaveLength(25);
  });
});

test('whatever fails meanwhile: what became of sends is not looked for while they may still arrive', () => {
  let now = 0;
  const waits = new Waits(() => now, { backOffMs: 500, patienceMs: 60_000, settleMs: 10_000 });
  waits.unanswered('broker-b');
  now = 4000;
  waits.failed('broker-b', new RemotingError('CONNECT', 'broker-b', 'down', false), 4000);
  waits.busy('broker-b');
  now = 9999;
  expect(waits.hurry(waits.held())).toBe(1);
  expect(waits.isDue('broker-b')).toBe(false);
  now = 10_000;
  expect(waits.isDue('broker-b')).toBe(true);
  expect([...waits.held()]).toEqual(['broker-b']);
});

test('a window takes no more bodies than memory has room for, and one letter whatever its size', async () => {
  const sizes = [20, 11, 2, 40, 1, 1].map((mb) => mb * 1024 * 1024);
  const items = sizes.map((_, n) => ({ n, srcBroker: 'broker-a', state: 'SELECTED' })) as Item[];
  const left = [...items];
  const page = async (_: string, { states }: { states: string[] }) => (states[0] === 'SELECTED' ? left : []);
  const run = {
    ctx: { store: { items: { page } } },
    operation: { id: 'o' },
    letters: {
      next: async () => 0,
      sizes:
        async () =>
        ({ n }: Item) =>
          sizes[n] ?? 0,
    },
  } as unknown as RedriveRun;
  const windows: number[][] = [];
  while (left.length > 0) {
    const taken = await new NextItems(run).take(1024, new Set());
    windows.push(taken.map(({ n }) => n));
    left.splice(0, taken.length);
  }
  expect(windows).toEqual([[0, 1], [2], [3], [4, 5]]);
});
