import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { listFailures } from './list-failures';
import { noteFailure } from './note-failure';
import { keepTraceResults, noteTraceResults } from './trace-results';

let store: Store;
let cluster: FakeCluster;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
  cluster = new FakeCluster({ a: '10.0.0.1:10911' });
  cluster.groups.add('g');
  die(1000, { errorType: 'NoStock' });
  die(2000, { errorType: 'NoStock' });
  die(3000);
});
afterAll(() => store.close());

const die = (storedAt: number, properties: Record<string, string> = {}) =>
  cluster.store('a', {
    topic: '%DLQ%g',
    storedAt,
    reconsumeTimes: 17,
    properties: { UNIQ_KEY: `U${storedAt}`, RETRY_TOPIC: 'orders', ...properties },
  });
const failures = async () => (await listFailures(cluster.ctx(store), { group: 'g' })).items;
const ofKind = async (kind: 'property' | 'shape') => {
  const found = (await failures()).find((each) => each.kind === kind);
  if (!found) throw new Error(`no failure by ${kind}`);
  return found;
};

/** A run of the letter that died at `storedAt`, as the journal keeps it. */
async function runOnce(id: string, storedAt: number, run: object) {
  const letter = await store.db
    .selectFrom('letter')
    .select(['broker', 'phyOffset'])
    .where('storedAt', '=', storedAt)
    .executeTakeFirstOrThrow();
  const { broker, phyOffset: physicalOffset } = letter;
  await store.operations.insert({
    id,
    mutation: 'dead-letters.run-once',
    kind: 'run-once',
    cluster: 'test',
    group: null,
    topic: '%DLQ%g',
    state: 'DONE',
    inputJson: JSON.stringify({ group: 'g', letter: { id: `${broker}:${physicalOffset}`, broker, physicalOffset } }),
    resultJson: JSON.stringify({ run }),
    createdBy: 'local',
    createdByName: 'local',
    reason: 'test',
    requestHash: id,
    epoch: 0,
    createdAt: 5000,
  } as never);
}

test('a note stands with who and when, is replaced, goes away when it is emptied, and is in the audit trail each time', async () => {
  const ctx = cluster.ctx(store);
  const { id } = await ofKind('property');
  expect((await ofKind('property')).note).toBeNull();
  await noteFailure(ctx, { group: 'g', failure: id, text: 'harmless' });
  expect((await ofKind('property')).note).toEqual({ text: 'harmless', by: 'local', at: 1_000_000 });
  expect((await ofKind('shape')).note).toBeNull();
  await noteFailure(ctx, { group: 'g', failure: id, text: 'not harmless' });
  expect((await ofKind('property')).note?.text).toBe('not harmless');
  await noteFailure(ctx, { group: 'g', failure: id, text: '' });
  expect((await ofKind('property')).note).toBeNull();
  const written = await store.audit.list({ action: 'dead-letters.note', limit: 10 });
  expect(written.map(({ paramsJson }) => JSON.parse(paramsJson ?? '').text)).toEqual(['', 'not harmless', 'harmless']);
  expect(written[0]).toMatchObject({ actorName: 'local', resourceName: 'g', outcome: 'success' });
  expect(JSON.stringify(written)).not.toContain('NoStock');
  expect(await store.audit.verify()).toMatchObject({ isIntact: true });
});

test('a note belongs to what failed, not to a number: it is there again when the ledger is read anew', async () => {
  const { id } = await ofKind('shape');
  await noteFailure(cluster.ctx(store), { group: 'g', failure: id, text: 'ask the shop' });
  for (const table of ['letter', 'letterSpan', 'letterFailure'] as const) await store.db.deleteFrom(table).execute();
  expect((await ofKind('shape')).note?.text).toBe('ask the shop');
});

test('there is no note on a cause that nobody knows', async () => {
  const note = noteFailure(cluster.ctx(store), { group: 'g', failure: 999, text: 'x' });
  await expect(note).rejects.toMatchObject({ code: 'NOT_FOUND', key: 'unknown_failure' });
});

test('what a client said of a letter that failed when it was run once is the diagnosis of its cause, the newest first', async () => {
  expect((await failures()).map(({ diagnosis }) => diagnosis)).toEqual([null, null]);
  await runOnce('01A', 3000, { outcome: 'failed', consumeResult: 'CR_THROW_EXCEPTION', remark: 'NoPrice: 7\n at x' });
  await runOnce('01B', 3000, { outcome: 'succeeded', consumeResult: 'CR_SUCCESS', remark: null });
  await runOnce('01C', 1000, { outcome: 'failed', consumeResult: 'CR_LATER', remark: null });
  await runOnce('01C2', 1000, { outcome: 'failed', consumeResult: 'CR_THROW_EXCEPTION', remark: 'NoStock: 1' });
  await runOnce('01D', 2000, { outcome: 'failed', consumeResult: 'CR_THROW_EXCEPTION', remark: 'NoStock: 2' });
  await runOnce('01D2', 2000, { outcome: 'failed', consumeResult: 'CR_LATER', remark: null });
  await runOnce('01E', 2000, { outcome: 'unknown', consumeResult: null, remark: 'no answer' });
  expect((await ofKind('shape')).diagnosis).toMatchObject({ text: 'NoPrice: 7', jobId: '01A', letters: 1, at: 5000 });
  expect((await ofKind('property')).diagnosis).toMatchObject({ text: 'NoStock: 2', jobId: '01D', letters: 2 });
});

test('what traces of its letters told is kept with its cause, the newest first; a mere request for a retry tells nothing', async () => {
  const places = new Map(
    (await store.db.selectFrom('letter').select(['storedAt', 'broker', 'phyOffset']).execute()).map(
      ({ storedAt, broker, phyOffset }) => [storedAt, `${broker}:${phyOffset}`],
    ),
  );
  const trace = async (storedAt: number, result: string, at: number) => {
    const ctx = cluster.ctx(store, null, () => at);
    const attempts = [
      { result, client: 'c1', source: 'trace' },
      { result: 'failed', client: null, source: 'stored' },
    ];
    const dead = { at: storedAt, id: places.get(storedAt), attempts: 17 };
    noteTraceResults(ctx, {
      groups: [
        { group: 'g', dead, attempts },
        { group: 'other', dead: null, attempts: [] },
      ],
    } as never);
    const before = await store.db.selectFrom('letterTrace').selectAll().execute();
    await failures();
    // Whoever looks writes nothing.
    expect(await store.db.selectFrom('letterTrace').selectAll().execute()).toEqual(before);
    await keepTraceResults(ctx);
  };
  await trace(3000, 'failed', 10);
  expect((await ofKind('shape')).traced).toBeNull();
  await trace(3000, 'timeout', 20);
  expect((await ofKind('shape')).traced).toEqual({ result: 'timeout', client: 'c1', at: 20, letters: 1 });
  await trace(1000, 'timeout', 30);
  await trace(2000, 'exception', 40);
  await trace(1000, 'timeout', 35);
  expect((await ofKind('property')).traced).toEqual({ result: 'exception', client: 'c1', at: 40, letters: 2 });
});

test('a letter that has expired tells nothing of its cause any more', async () => {
  expect((await ofKind('property')).traced?.letters).toBe(2);
  cluster.expired.set('a %DLQ%g', 1);
  expect((await ofKind('property')).traced?.letters).toBe(1);
});
