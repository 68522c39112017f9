import { CompiledQuery } from 'kysely';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { failureIds } from './failure-ids';
import { freshDir } from './fixtures';
import { newestFirst } from './letters-find';
import { type NewLetter, NewLetters } from './new-letters';
import { openStore, type Store } from './open';
import { WorkerClient } from './worker-client';

/** More than are looked up by their key, and more than a walk back in time looks at. */
const [OLD, NEW] = [3_000, 52_000];
const ALL = { after: null, through: null };
let store: Store;
let groupId: number;

const aLetter = (n: number): NewLetter => ({
  queueOffset: n,
  phyOffset: n * 100,
  uniqKey: n === 5 ? 'OLD' : `U${n}`,
  keys: n === 5 ? 'other' : `${n < OLD ? 'OLD' : 'NEW'}-${n}`,
  tag: n % 2 ? 'odd' : 'even',
  originTopic: 'orders',
  bornAt: n,
  storedAt: Math.floor(n / 3),
  reconsumeTimes: 3,
  attempts: 3,
  bodyBytes: 1,
  causeProperty: null,
  causeText: null,
  failure: { kind: 'shape', key: 'k', label: 'k' },
  rdxOp: null,
  rdxN: null,
});

beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
  groupId = await store.letters.groupId('c', 'g');
  const letters = new NewLetters(OLD + NEW);
  for (let n = 0; n < letters.size; n++) letters.put(n, aLetter(n));
  const span = {
    broker: 'a',
    queueId: 0,
    from: 0,
    to: letters.size,
    fromAt: 0,
    fromPhyOffset: 0,
    lastPhyOffset: 0,
    damaged: 0,
  };
  await store.batch(store.letters.add(groupId, span, letters, await failureIds(store, groupId, letters.failures)));
}, 60_000);
afterAll(() => store.close());

const offsets = async (filter: Parameters<Store['letters']['page']>[1], skip: number, limit: number) => {
  const first = skip === 0 ? null : ((await store.letters.page(groupId, filter, ALL, skip)).at(-1) ?? null);
  return (await store.letters.page(groupId, filter, { ...ALL, after: first }, limit)).map(
    ({ queueOffset }) => queueOffset,
  );
};

test('many with a key come newest first, also where all of them are old; so does one whose id it is', async () => {
  expect(await offsets({ q: 'NEW' }, 0, 3)).toEqual([54_999, 54_998, 54_997]);
  expect(await offsets({ q: 'OLD' }, 0, 3)).toEqual([2_999, 2_998, 2_997]);
  expect(await offsets({ q: 'OLD' }, 2, 3)).toEqual([2_997, 2_996, 2_995]);
  expect(await offsets({ q: 'OLD', tag: 'odd' }, 0, 3)).toEqual([2_999, 2_997, 2_995]);
  expect(await offsets({ q: 'OLD', states: ['dead'] }, 0, 2)).toEqual([2_999, 2_998]);
  expect(await offsets({ q: 'OLD' }, 2_992, 20)).toEqual([7, 6, 5, 4, 3, 2, 1, 0]);
  expect(await offsets({ q: 'OLD-29' }, 0, 2)).toEqual([2_999, 2_998]);
  expect(await store.letters.count(groupId, { q: 'OLD' })).toBe(OLD);
  expect(await store.letters.count(groupId, { q: 'OLD', tag: 'odd' })).toBe(OLD / 2);
});

test('those that have gone are found by their key as well', async () => {
  await store.letters.forget(groupId, { broker: 'a', queueId: 0, below: 10, at: 1 });
  expect(await offsets({ q: 'OLD-', states: ['expired'] }, 0, 3)).toEqual([9, 8, 7]);
  expect(await offsets({ q: 'OLD', states: ['expired'] }, 4, 2)).toEqual([5, 4]);
});

test('letters of a range come in the order of their places, whoever looks for them, and are counted by word', async () => {
  const other = await store.letters.groupId('c', 'two brokers');
  const places: { broker: string; phyOffset: number; storedAt: number }[] = [];
  // The newer ones come into the ledger first.
  for (const [from, to] of [
    [60, 90],
    [0, 60],
  ] as const)
    for (const broker of ['a', 'b']) {
      const letters = new NewLetters(to - from);
      for (let n = from; n < to; n++) {
        const place = { broker, phyOffset: n, storedAt: Math.floor(n / 20) };
        places.push(place);
        letters.put(n - from, { ...aLetter(n), ...place, uniqKey: `${broker}${n}`, keys: `K-${n}`, tag: 't' });
      }
      const edges = { fromAt: Math.floor(from / 20), fromPhyOffset: from, lastPhyOffset: to - 1, damaged: 0 };
      const span = { broker, queueId: 0, from, to, ...edges };
      await store.batch(store.letters.add(other, span, letters, await failureIds(store, other, letters.failures)));
    }
  await store.db
    .updateTable('letter')
    .set({ state: 'dead_again' })
    .where('groupId', '=', other)
    .where('phyOffset', 'in', [13, 33, 53])
    .execute();
  await store.db
    .updateTable('letter')
    .set({ state: 'handled' })
    .where('groupId', '=', other)
    .where('phyOffset', '=', 54)
    .execute();
  places.sort(newestFirst);
  expect(places.slice(0, 3).map(({ broker, phyOffset }) => broker + phyOffset)).toEqual(['b89', 'a89', 'b88']);
  const nameOf = ({ broker, phyOffset }: { broker: string; phyOffset: number }) => broker + phyOffset;
  const open = ['dead', 'dead_again', 'redriving', 'unknown'] as const;
  for (const filter of [{}, { tag: 't' }, { q: 'K-' }, { states: open }, { tag: 't', states: open }]) {
    const wanted = places.filter(({ phyOffset }) => !('states' in filter) || phyOffset !== 54);
    const through = { storedAt: 1, phyOffset: 33, broker: 'b' };
    const seen: string[] = [];
    for (let after: (typeof places)[number] | null = null; ; ) {
      const page: typeof places = await store.letters.page(other, filter, { after, through }, 7);
      seen.push(...page.map(nameOf));
      after = page.at(-1) ?? null;
      if (!after) break;
    }
    expect(seen, JSON.stringify(filter)).toEqual(wanted.filter((each) => newestFirst(each, through) <= 0).map(nameOf));
    expect(await store.letters.count(other, filter)).toBe(wanted.length);
  }
  expect((await store.letters.page(other, { uniqKey: 'b12', tag: 't' }, ALL, 5)).map(nameOf)).toEqual(['b12']);
  expect(await store.letters.page(other, { uniqKey: 'b12', tag: 'none' }, ALL, 5)).toEqual([]);
});

/** How SQLite finds what one question asks for, or the last of several. */
async function planOf(ask: () => Promise<unknown>, questions = 1): Promise<string> {
  const sent = vi.spyOn(WorkerClient.prototype, 'send');
  await ask();
  const asked = sent.mock.calls.flatMap(([request]) => (request.type === 'query' ? [request] : []));
  sent.mockRestore();
  expect(asked).toHaveLength(questions);
  const { sql, parameters } = asked.at(-1) ?? { sql: '', parameters: [] };
  const { rows } = await store.db.executeQuery<{ detail: string }>(
    CompiledQuery.raw(`explain query plan ${sql}`, [...parameters]),
  );
  return rows.map(({ detail }) => detail).join();
}

test('a page is found by the index of its word, however narrow its time', async () => {
  const between = { from: 100, to: 18_000 };
  const range = {
    after: { storedAt: 17_000, phyOffset: 5, broker: 'a' },
    through: { storedAt: 90, phyOffset: 5, broker: 'a' },
  };
  for (const [filter, index] of [
    [{ tag: 'odd' }, 'letterTag'],
    [{ failureId: 1 }, 'letterFailureTime'],
    [{ states: ['dead' as const] }, 'letterState'],
    [{}, 'letterTime'],
  ] as const) {
    const plan = await planOf(() => store.letters.page(groupId, { ...between, ...filter }, range, 50));
    expect(plan, index).toContain(`USING INDEX ${index} `);
  }
});

test('a rare word is found by its own index whatever else is asked', async () => {
  const rare = [101, 3_001, 50_002];
  await store.db.updateTable('letter').set({ state: 'unknown' }).where('queueOffset', 'in', rare).execute();
  const states = ['unknown' as const];
  for (const [filter, found] of [
    [{}, [50_002, 3_001, 101]],
    [{ tag: 'odd' }, [3_001, 101]],
    [{ failureId: 1 }, [50_002, 3_001, 101]],
    [{ q: 'NEW' }, [50_002, 3_001]],
    [{ q: 'U101' }, [101]],
    [{ uniqKey: 'U3001', tag: 'odd' }, [3_001]],
    [{ tag: 'odd', from: 500 }, [3_001]],
  ] as const) {
    expect(await offsets({ ...filter, states }, 0, 5), JSON.stringify(filter)).toEqual(found);
    expect(await store.letters.count(groupId, { ...filter, states }), JSON.stringify(filter)).toBe(found.length);
  }
  for (const filter of [{ tag: 'odd' }, { failureId: 1 }, { q: 'NEW' }, { uniqKey: 'U101' }]) {
    const page = await planOf(() => store.letters.page(groupId, { ...filter, states }, ALL, 50), 2);
    expect(page, JSON.stringify(filter)).toMatch(/^SEARCH letter USING INDEX letterState /);
    const count = await planOf(() => store.letters.count(groupId, { ...filter, states }), 2);
    expect(count, JSON.stringify(filter)).toMatch(/^SEARCH letter USING INDEX letter(State|Settled) /);
  }
});
