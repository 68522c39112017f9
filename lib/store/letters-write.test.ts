import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeEarlierStore } from './earlier-release.fixture';
import { failureIds } from './failure-ids';
import { freshDir } from './fixtures';
import type { LetterSpan } from './letters-write';
import { type NewLetter, NewLetters } from './new-letters';
import { openStore, type Store } from './open';

let store: Store;
beforeEach(async () => {
  store = await openStore({ dir: freshDir() });
});
afterEach(() => store.close());

const aLetter = (queueOffset: number, over: Partial<NewLetter> = {}): NewLetter => ({
  queueOffset,
  phyOffset: 1000 + queueOffset * 100,
  uniqKey: `U${queueOffset}`,
  keys: `k${queueOffset}`,
  tag: 't',
  originTopic: 'orders',
  bornAt: 1_700_000_000_000 + queueOffset,
  storedAt: 1_700_000_000_000 + queueOffset,
  reconsumeTimes: 17,
  attempts: 17,
  bodyBytes: 9,
  causeProperty: null,
  causeText: null,
  failure: { kind: 'shape', key: 'k', label: 'k' },
  rdxOp: null,
  rdxN: null,
  ...over,
});

function lettersOf(from: number, to: number, over: (queueOffset: number) => Partial<NewLetter> | null = () => ({})) {
  const letters = new NewLetters(to - from);
  for (let at = from; at < to; at++) {
    const part = over(at);
    if (part) letters.put(at - from, aLetter(at, part));
  }
  return letters;
}

async function add(from: number, to: number, letters = lettersOf(from, to), over: Partial<LetterSpan> = {}) {
  const groupId = await store.letters.groupId('c', 'g');
  const span: LetterSpan = {
    broker: 'a',
    queueId: 0,
    from,
    to,
    fromAt: letters.edges('storedAt')?.first ?? null,
    fromPhyOffset: letters.edges('phyOffset')?.first ?? null,
    lastPhyOffset: letters.edges('phyOffset')?.last ?? null,
    damaged: 1,
    ...over,
  };
  await store.batch(store.letters.add(groupId, span, letters, await failureIds(store, groupId, letters.failures)));
  return groupId;
}
const spans = async () => store.letters.spans(await store.letters.groupId('c', 'g'));
const rows = () => store.db.selectFrom('letter').selectAll().orderBy('queueOffset').execute();

test('neighbouring stretches become one: below, above, and the one between two', async () => {
  await add(100, 200);
  await add(50, 100);
  await add(200, 240);
  await add(0, 20);
  await add(100, 200, lettersOf(100, 200), { broker: 'b' });
  expect(await spans()).toMatchObject([
    { broker: 'a', from: 0, to: 20, damaged: 1 },
    {
      broker: 'a',
      from: 50,
      to: 240,
      damaged: 3,
      fromAt: 1_700_000_000_050,
      fromPhyOffset: 6_000,
      lastPhyOffset: 24_900,
    },
    { broker: 'b', from: 100, to: 200 },
  ]);
  await add(20, 50);
  expect(await spans()).toMatchObject([
    { from: 0, to: 240, damaged: 5, fromAt: 1_700_000_000_000, fromPhyOffset: 1_000, lastPhyOffset: 24_900 },
    { broker: 'b' },
  ]);
});

test('a stretch that an earlier release has read ends at its oldest letter, too', async () => {
  const dir = freshDir();
  const ofQueue = { groupId: 1, broker: 'a', queueId: 0 };
  await makeEarlierStore(dir, '014', async (db) => {
    await db.insertInto('letterGroup').values({ id: 1, cluster: 'test', name: 'g' }).execute();
    const { failure, ...letter } = aLetter(0);
    const kept = { ...letter, ...ofQueue, failureId: 1, state: 'dead' as const, jobId: null, handledBy: null };
    const at = (queueOffset: number, queueId = 0) => ({ queueId, queueOffset, phyOffset: queueOffset * 100 });
    await db
      .insertInto('letter')
      .values([
        { ...kept, ...at(2), goneAt: 5 },
        ...[at(4), at(5), at(10, 1), at(21), at(22)].map((place) => ({ ...kept, ...place, goneAt: null })),
      ])
      .execute();
    await db
      .insertInto('letter')
      .values({ ...kept, ...at(4), phyOffset: 50, broker: 'b', goneAt: null })
      .execute();
    const span = { ...ofQueue, fromAt: 1, lastPhyOffset: 2_200, damaged: 0 };
    await db
      .insertInto('letterSpan')
      .values([
        { ...span, from: 2, to: 6 },
        { ...span, from: 20, to: 23 },
        { ...span, from: 30, to: 31, fromAt: null },
      ] as never)
      .execute();
  });
  const old = await openStore({ dir });
  expect((await old.letters.spans(1)).map(({ fromPhyOffset }) => fromPhyOffset)).toEqual([400, 2_100, null]);
  // It had left a letter dead that expired within a job.
  expect(await old.letters.count(1, { states: ['expired'] })).toBe(1);
  await old.close();
});

test('what another reader has written some of is not written', async () => {
  await add(100, 200);
  for (const [from, to] of [
    [150, 250],
    [50, 101],
    [120, 130],
    [0, 300],
  ] as const)
    await add(from, to);
  expect(await rows()).toHaveLength(100);
  expect(await spans()).toMatchObject([{ from: 100, to: 200 }]);
});

test('every column comes back as it was put, numbers as integers', async () => {
  const odd = {
    keys: 'ключ é \u{1f600}',
    tag: '',
    originTopic: null,
    phyOffset: 2 ** 52 + 1,
    causeProperty: 'error',
    causeText: "it's",
  };
  await add(
    0,
    70,
    lettersOf(0, 70, (at) => (at === 40 ? odd : {})),
  );
  const all = await rows();
  expect(all).toHaveLength(70);
  expect(all[40]).toMatchObject({
    ...odd,
    queueOffset: 40,
    uniqKey: 'U40',
    state: 'dead',
    broker: 'a',
    queueId: 0,
    goneAt: null,
    jobId: null,
  });
  const { rows: types } = await sql<{ type: string }>`
    select distinct typeof("phyOffset") || typeof("failureId") || typeof("storedAt") as "type" from "letter"`.execute(
    store.db,
  );
  expect(types).toEqual([{ type: 'integerintegerinteger' }]);
});

test('holes stay out, copies carry their job, and order of arrival does not matter', async () => {
  const letters = new NewLetters(6);
  for (const at of [5, 0, 3]) letters.put(at, aLetter(at, at === 3 ? { rdxOp: 'j1', rdxN: 7 } : {}));
  await add(0, 6, letters);
  expect(await rows()).toMatchObject([
    { queueOffset: 0, state: 'dead', rdxOp: null },
    { queueOffset: 3, state: 'dead_again', rdxOp: 'j1', rdxN: 7, jobId: 'j1' },
    { queueOffset: 5, state: 'dead', jobId: null },
  ]);
  expect(await spans()).toMatchObject([{ from: 0, to: 6, lastPhyOffset: 1500 }]);
});

test('a stretch of which nothing could be decoded is read all the same', async () => {
  await add(10, 20);
  await add(0, 10, new NewLetters(10));
  expect(await spans()).toMatchObject([{ from: 0, to: 20, fromAt: null, damaged: 2 }]);
});

test('a failure has one number, whoever asks for it, and letters carry it', async () => {
  const groupId = await store.letters.groupId('c', 'g');
  const failures = ['x', 'y'].map((key) => ({ kind: 'property' as const, key, label: key }));
  const same = { kind: 'shape' as const, key: 'x', label: 'x' };
  const first = await failureIds(store, groupId, failures);
  expect(new Set(first).size).toBe(2);
  expect(await failureIds(store, groupId, [same, ...[...failures].reverse()])).toEqual([
    expect.any(Number),
    first[1],
    first[0],
  ]);
  await add(
    0,
    2,
    lettersOf(0, 2, (at) => ({ failure: failures[at] ?? same })),
  );
  expect((await rows()).map(({ failureId }) => failureId)).toEqual(first);
});
