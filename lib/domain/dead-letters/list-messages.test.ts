import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lettersQuery } from '@/lib/contract/dead-letters';
import { anOperation } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { listLetters } from './list-messages';

let dir: string;
let store: Store;
let cluster: FakeCluster;
beforeEach(async () => {
  dir = mkdtempSync(path.join(tmpdir(), 'letters-'));
  store = await openStore({ dir });
  cluster = new FakeCluster({ a: '10.0.0.1:10911', b: '10.0.0.2:10911' });
  cluster.groups.add('g');
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});

const die = (broker: string, storedAt: number, properties: Record<string, string> = {}) =>
  cluster.store(broker, {
    topic: '%DLQ%g',
    storedAt,
    reconsumeTimes: 17,
    properties: { UNIQ_KEY: `U${storedAt}`, RETRY_TOPIC: 'orders', ...properties },
  });
const list = (input: object = {}) => listLetters(cluster.ctx(store), { group: 'g', state: 'all', limit: 10, ...input });

const operation = (id: string, kind: 'handle' | 'redrive') =>
  anOperation(id, { mutation: `dead-letters.${kind}`, kind, cluster: 'test', group: 'g', state: 'DONE', createdAt: 1 });

describe('dead letters of a group', () => {
  it('come newest first over all masters, and growth between two pages moves nothing', async () => {
    for (let n = 0; n < 40; n++) die(n % 3 === 0 ? 'a' : 'b', 1000 + n);
    const first = await list();
    expect(first.total).toBe(40);
    expect(first.items.map(({ storedAt }) => storedAt)).toEqual(Array.from({ length: 10 }, (_, n) => 1039 - n));
    for (let n = 40; n < 50; n++) die('a', 1000 + n);
    const seen = first.items.map(({ storedAt }) => storedAt);
    for (let cursor = first.nextCursor; cursor !== null; ) {
      const page = await list({ cursor });
      seen.push(...page.items.map(({ storedAt }) => storedAt));
      cursor = page.nextCursor;
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, n) => 1039 - n));
  });

  it('survive a damaged record beside them, which is counted', async () => {
    for (let n = 0; n < 5; n++) die('a', 1000 + n);
    die('b', 2000);
    cluster.damaged.set('a %DLQ%g', 1);
    const { items, damaged } = await list();
    expect(items.map(({ storedAt }) => storedAt)).toEqual([2000, 1004, 1003, 1002, 1001]);
    expect(damaged).toBe(1);
  });

  it('of a silent broker are missing and said to be', async () => {
    die('a', 1000);
    die('b', 1001);
    cluster.silent.add('b');
    const { items, failures, total } = await list();
    expect(items.map(({ broker }) => broker)).toEqual(['a']);
    expect(failures).toMatchObject([{ broker: 'b', code: 'CONNECT' }]);
    expect(total).toBe(1);
  });

  it('are read by position where pulling is not permitted', async () => {
    die('a', 1000);
    die('a', 1001);
    cluster.writeOnly.add('%DLQ%g');
    expect((await list()).items.map(({ storedAt }) => storedAt)).toEqual([1001, 1000]);
  });

  it('are none for a group that never failed, and 404 for one nobody knows', async () => {
    expect(await list()).toMatchObject({ items: [], total: 0, nextCursor: null, failures: [] });
    await expect(listLetters(cluster.ctx(store), { group: 'x', state: 'all', limit: 10 })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(cluster.calls.some(({ input }) => input.topic === '%DLQ%x')).toBe(false);
  });

  it('refuse a cursor that is none', async () => {
    await expect(list({ cursor: 'Zm9v!' })).rejects.toMatchObject({ code: 'INVALID' });
  });

  it('carry what was decided: handled, dead again after a redrive', async () => {
    const handled = die('a', 1000);
    die('a', 1001, { RDX_OP: 'JOB1' });
    die('a', 1002);
    await store.operations.insert(operation('JOB2', 'handle'));
    const mark = { cluster: 'test', group: 'g', operationId: 'JOB2', by: 'anna', at: 5000 };
    await store.transaction((tables) =>
      tables.handled.mark(mark, [{ broker: 'a', phyOffset: handled.physicalOffset, uniqKey: 'U1000' }]),
    );
    const { items, counts } = await list();
    expect(items.map(({ state, jobId, handledBy }) => [state, jobId, handledBy])).toEqual([
      ['dead', null, null],
      ['dead_again', 'JOB1', null],
      ['handled', 'JOB2', 'anna'],
    ]);
    expect(counts).toEqual({ open: 2, handled: 1, redriven: 0 });
    expect((await list({ state: 'open' })).items).toHaveLength(2);
    expect((await list({ state: 'handled' })).items).toHaveLength(1);
  });

  it('were sent again by a job: redriven until judged consumed', async () => {
    const sent = die('a', 1000);
    const unsure = die('a', 1001);
    await store.operations.insert(operation('JOB3', 'redrive'));
    const row = { operationId: 'JOB3', srcBroker: 'a', srcQueueId: 0, srcMsgId: 'm', srcStoredAt: 0 };
    await store.transaction((tables) =>
      tables.items.insertMany(
        [sent, unsure].map(({ queueOffset, physicalOffset, properties }, n) => ({
          ...row,
          n,
          srcQueueOffset: queueOffset,
          srcPhyOffset: physicalOffset,
          srcUniqKey: properties.UNIQ_KEY ?? '',
          originTopic: 'orders',
          bodySha256: null,
          state: n === 0 ? ('CONFIRMED' as const) : ('UNKNOWN' as const),
          terminalReason: null,
        })),
      ),
    );
    const words = async () => (await list()).items.map(({ state, jobId }) => [state, jobId]);
    expect(await words()).toEqual([
      ['unknown', 'JOB3'],
      ['redriven', 'JOB3'],
    ]);
    expect((await list()).counts).toEqual({ open: 1, handled: 0, redriven: 1 });
    for (const [terminalReason, word] of [
      ['failed_again', 'redriven'],
      ['consumed_later', 'consumed'],
      ['consumed', 'consumed'],
    ] as const) {
      await store.items.update('JOB3', 0, { terminalReason }).execute();
      expect((await words())[1], terminalReason).toEqual([word, 'JOB3']);
    }
    expect((await list({ state: 'open' })).items).toHaveLength(1);
  });

  it('are found by a single word, also where a bucket holds several', async () => {
    const sent = [die('a', 1000), die('a', 1001), die('a', 1002)];
    die('a', 1003, { RDX_OP: 'JOB0' });
    die('a', 1004);
    await store.operations.insert(operation('JOB4', 'redrive'));
    const ends = [['CONFIRMED', null] as const, ['CONFIRMED', 'consumed'] as const, ['UNKNOWN', null] as const];
    // Read before: a job speaks of letters that are there.
    await list();
    await store.transaction((tables) =>
      tables.items.insertMany(
        sent.map(({ queueOffset, physicalOffset, properties }, n) => ({
          operationId: 'JOB4',
          n,
          srcBroker: 'a',
          srcQueueId: 0,
          srcMsgId: 'm',
          srcStoredAt: 0,
          srcQueueOffset: queueOffset,
          srcPhyOffset: physicalOffset,
          srcUniqKey: properties.UNIQ_KEY ?? '',
          originTopic: 'orders',
          bodySha256: null,
          state: ends[n]?.[0] ?? 'UNKNOWN',
          terminalReason: ends[n]?.[1] ?? null,
        })),
      ),
    );
    for (const [state, times] of [
      ['unknown', [1002]],
      ['dead_again', [1003]],
      ['dead', [1004]],
      ['redriven_only', [1000]],
      ['consumed', [1001]],
      ['redriving', []],
      ['redriven', [1001, 1000]],
      ['open', [1004, 1003, 1002]],
    ] as const) {
      const { items, matching } = await list(lettersQuery.parse({ group: 'g', state }));
      expect(
        items.map(({ storedAt }) => storedAt),
        state,
      ).toEqual(times);
      expect(matching, state).toBe(times.length);
    }
    expect(lettersQuery.safeParse({ group: 'g', state: 'undead' }).success).toBe(false);
  });

  it('name the business topic of POP consumers and count their deliveries', async () => {
    die('a', 1000, { RETRY_TOPIC: '%RETRY%g_orders_v2', ORIGIN_GROUP: 'g' });
    expect((await list()).items[0]).toMatchObject({ originTopic: 'orders_v2', attempts: 16 });
  });
});
