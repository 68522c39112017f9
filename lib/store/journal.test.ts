import { afterAll, beforeAll, expect, test } from 'vitest';
import { anOperation, freshDir } from './fixtures';
import { openStore, type Store } from './open';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

test('one active operation per group; its end frees the group', async () => {
  await store.operations.insert(anOperation('g1', { group: 'lock' }));
  await expect(store.operations.insert(anOperation('g2', { group: 'lock', kind: 'purge' }))).rejects.toMatchObject({
    code: 'CONSTRAINT',
  });
  await store.operations.insert(anOperation('g3', { group: 'lock', cluster: 'other' }));
  expect((await store.operations.activeOfGroup('demo', 'lock'))?.id).toBe('g1');
  expect(await store.operations.updateAs('g1', 0, { state: 'DONE', endedAt: 5 })).toBe(true);
  await store.operations.insert(anOperation('g2', { group: 'lock', kind: 'purge' }));
});

test('a claim raises the epoch once; the old worker is fenced off', async () => {
  await store.operations.insert(anOperation('e1', { group: 'epoch' }));
  const claims = await Promise.all([1, 2].map(() => store.operations.claim('e1', 0, ['QUEUED'], 9)));
  expect(claims.map((claim) => claim?.epoch)).toEqual([1, undefined]);
  await store.operations.claim('e1', 1, ['RUNNING'], 10);
  expect(await store.operations.updateAs('e1', 1, { state: 'DONE' })).toBe(false);
  expect(await store.operations.updateAs('e1', 2, { state: 'DONE' })).toBe(true);
  expect(await store.operations.get('e1')).toMatchObject({ startedAt: 9, heartbeatAt: 10, state: 'DONE', epoch: 2 });
});

test('intents of a window are one commit, results follow per attempt', async () => {
  const row = (n: number) => ({
    operationId: 'i1',
    n,
    srcBroker: 'b',
    srcQueueId: 0,
    srcQueueOffset: n,
    srcPhyOffset: n * 100,
    srcMsgId: `m${n}`,
    srcUniqKey: `u${n}`,
    srcStoredAt: 1,
    originTopic: 't',
    bodySha256: null,
    state: 'SELECTED' as const,
    terminalReason: null,
  });
  await store.transaction(async (tables) => {
    await tables.operations.insert(anOperation('i1', { group: 'items', kind: 'redrive' }));
    await tables.items.insertMany(Array.from({ length: 1200 }, (_, n) => row(n)));
  });
  await store.attempts.insertLane({ operationId: 'i1', tgtTopic: 't', tgtBroker: 'b', tgtQueueId: 0, floorOffset: 5 });
  await store.attempts.insertLane({ operationId: 'i1', tgtTopic: 't', tgtBroker: 'b', tgtQueueId: 0, floorOffset: 9 });
  expect(await store.attempts.lanes('i1')).toMatchObject([{ floorOffset: 5 }]);
  await store.batch(
    store.attempts.insertIntents(
      'i1',
      [0, 1, 2].map((n) => ({
        n,
        k: 1,
        uniqKey: `u${n}`,
        tgtTopic: 't',
        tgtBroker: 'b',
        tgtQueueId: 0,
        floorOffset: 5,
        intentAt: 3,
      })),
    ),
  );
  await store.batch([
    store.attempts.update('i1', 0, 1, {
      resultCode: 0,
      offsetMsgId: 'X',
      queueOffset: 6,
      resolvedBy: 'ANSWER',
      resolvedAt: 4,
    }),
    store.items.update('i1', 0, { state: 'CONFIRMED' }),
  ]);
  expect(await countsOf('i1')).toEqual({ SELECTED: 1197, INTENT: 2, CONFIRMED: 1 });
  expect(await store.items.moveAll('i1', 'INTENT', 'UNKNOWN', 'job_failed')).toBe(2);
  expect((await store.items.page('i1', { states: ['UNKNOWN'], limit: 10 })).map(({ n }) => n)).toEqual([1, 2]);
  await store.items.update('i1', 0, { state: 'CONFIRMED', terminalReason: 'dead_again' }).execute();
  expect(await countsOf('i1')).toEqual({ SELECTED: 1197, 'UNKNOWN job_failed': 2, 'CONFIRMED dead_again': 1 });
  const open = await store.items.page('i1', { states: ['UNKNOWN'], orReasons: ['dead_again'], limit: 10 });
  expect(open.map(({ n }) => n)).toEqual([0, 1, 2]);
  expect(await store.attempts.list('i1', 0)).toMatchObject([{ k: 1, offsetMsgId: 'X', sentAt: null }]);
  expect(await store.items.bySource('demo', 'items', 'b', [0, 100])).toHaveLength(2);
});

async function countsOf(operationId: string): Promise<Record<string, number>> {
  const rows = await store.items.counts(operationId);
  return Object.fromEntries(
    rows.map(({ state, terminalReason, count }) => [[state, terminalReason].filter(Boolean).join(' '), count]),
  );
}

test('handled marks are reversible, and a watermark covers only what lay below it', async () => {
  await store.operations.insert(anOperation('h1', { group: null, kind: 'handle' }));
  const mark = { cluster: 'demo', group: 'h', operationId: 'h1', by: 'local', at: 7 };
  const letter = { broker: 'b', phyOffset: 10, uniqKey: 'u' };
  await store.handled.mark(mark, [letter, letter]);
  await store.handled.raise(mark, { broker: 'b', queueId: 0, belowOffset: 30, lastPhyOffset: 400 });
  await store.handled.raise(mark, { broker: 'b', queueId: 0, belowOffset: 50, lastPhyOffset: 400 });
  const at = (phyOffset: number) => ({ ...letter, phyOffset });
  const marks = await store.handled.on('demo', 'h', [letter, at(11)]);
  expect(marks.find({ ...letter, queueId: 0, queueOffset: 99 })).toMatchObject({ phyOffset: 10 });
  expect(marks.find({ ...letter, phyOffset: 11, queueId: 0, queueOffset: 49 })).toMatchObject({ belowOffset: 50 });
  expect(marks.find({ ...letter, phyOffset: 11, queueId: 0, queueOffset: 50 })).toBeUndefined();
  // It died after the topic was deleted, and has the offset of one that was marked.
  expect(marks.find({ ...letter, phyOffset: 401, queueId: 0, queueOffset: 49 })).toBeUndefined();
  await store.handled.reopen(mark, [letter]);
  const [watermark] = await store.handled.watermarks('demo', 'h');
  await store.handled.lower(mark, watermark as { id: number }, 20);
  const lowered = await store.handled.on('demo', 'h', [letter]);
  expect(lowered.find({ ...letter, queueId: 0, queueOffset: 19 })).toMatchObject({ belowOffset: 20 });
  expect(lowered.find({ ...letter, queueId: 0, queueOffset: 20 })).toBeUndefined();
  await store.handled.lower(mark, watermark as { id: number }, 0);
  expect(await store.handled.watermarks('demo', 'h')).toEqual([]);
  await store.handled.mark(mark, [letter, at(11)]);
  expect(await store.handled.reopenSome(mark, {}, 1)).toBe(1);
  expect(await store.handled.countSingle('demo', 'h')).toBe(1);
  expect(await store.handled.reopenSome(mark, { broker: 'other' }, 1)).toBe(0);
});

test('reset queues keep what an undo needs', async () => {
  await store.operations.insert(anOperation('r1', { group: 'reset' }));
  const key = { operationId: 'r1', topic: 't', broker: 'b', queueId: 0 };
  const rest = {
    minBefore: 0,
    maxBefore: 50,
    targetOffset: 20,
    targetStoredAt: null,
    request: null,
    intentAt: null,
    appliedAt: null,
    resultCode: null,
    result: null,
    verifiedOffset: null,
    verifiedAt: null,
  };
  await store.resetQueues.insertMany([{ ...key, ...rest, committedBefore: null, state: 'PENDING' }]);
  await store.resetQueues.update(key, { state: 'WRITTEN', appliedAt: 8 }).execute();
  expect(await store.resetQueues.list('r1')).toMatchObject([
    { committedBefore: null, state: 'WRITTEN', targetOffset: 20 },
  ]);
});

test('an expired plan goes, unless a job came of it', async () => {
  const plan = { kind: 'reset', cluster: 'demo', group: 'g', actorId: 'local', bodyJson: '{}', hash: 'h' } as const;
  for (const id of ['expired', 'used']) await store.plans.insert({ ...plan, id, createdAt: 1, expiresAt: 100 });
  await store.plans.insert({ ...plan, id: 'valid', createdAt: 1, expiresAt: 1000 });
  await store.operations.insert(anOperation('of-plan', { group: 'planned', planId: 'used' }));
  expect(await store.plans.sweep(500)).toBe(1);
  expect(await store.plans.get('expired')).toBeUndefined();
  expect([await store.plans.get('used'), await store.plans.get('valid')]).toMatchObject([
    { id: 'used' },
    { id: 'valid' },
  ]);
});
