import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import { redriveMutation } from './job';
import { redriveOf, type Scene, sceneOf, TIMES } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

/** At rest with every kind of item: stored, of unknown outcome, refused for the moment, not sent. */
async function atRest(): Promise<{ at: Scene; id: string }> {
  const at = sceneOf(store, 8);
  at.broker.deeds = [{ kind: 'answer', code: 0 }];
  const job = await redriveOf(at, { rate: 4 });
  let sends = 0;
  at.broker.deeds.push(
    { kind: 'silence', isStored: true },
    { kind: 'silence', isStored: false },
    { kind: 'refuse', code: 2 },
  );
  at.broker.onSend = async () => {
    sends += 1;
    if (sends === 4) at.broker.isDown = true;
  };
  const ended = await job.run();
  expect([ended.state, JSON.parse(ended.errorJson ?? '').key]).toEqual(['PAUSED', 'outcomes_unresolved']);
  at.broker.onSend = async () => {};
  return { at, id: job.operation.id };
}

async function cancel({ ctx, exportsDir }: Scene, id: string) {
  const operation = await store.operations.get(id);
  if (!operation) throw new Error('no such operation');
  const control = new JobControl();
  control.request('cancel', 'Ann');
  const within = { ...ctx, job: { control, exportsDir } } as Ctx;
  const ended = await redriveMutation(TIMES).resume(within, operation);
  const rows = await store.items.page(id, { limit: 100 });
  return {
    state: ended.state,
    note: JSON.parse(ended.errorJson ?? '{}').key,
    counts: JSON.parse(ended.countsJson ?? '{}'),
    reasons: rows.map(({ state, terminalReason }) => (terminalReason ? `${state} ${terminalReason}` : state)),
  };
}

test('a cancel at rest sends nothing, finds what was unknown, and ends with a whole account', async () => {
  const { at, id } = await atRest();
  at.broker.isDown = false;
  const sent = at.broker.sends().length;
  const { counts, ...ended } = await cancel(at, id);
  expect(ended).toMatchObject({ state: 'CANCELLED', note: 'cancelled_by' });
  expect(counts).toEqual({ CONFIRMED: 2, SKIPPED_BY_CANCEL: 6 });
  expect(ended.reasons.slice(2, 4)).toEqual(['SKIPPED_BY_CANCEL not_stored', 'SKIPPED_BY_CANCEL not_stored']);
  expect(at.broker.sends()).toHaveLength(sent);
});

test('with the broker out of reach it ends all the same, says so, and leaves what is unknown to a person', async () => {
  const { at, id } = await atRest();
  const { counts, ...ended } = await cancel(at, id);
  expect(ended).toMatchObject({ state: 'CANCELLED', note: 'cancelled_unverified' });
  expect(counts).toEqual({ CONFIRMED: 1, NEEDS_DECISION: 2, SKIPPED_BY_CANCEL: 5 });
  expect(ended.reasons).toContain('NEEDS_DECISION cancelled_unresolved');
});

test('one that has sent nothing yet asks no broker', async () => {
  const at = sceneOf(store, 2);
  const job = await redriveOf(at);
  at.broker.isDown = true;
  at.broker.log.length = 0;
  at.control.request('cancel', 'Ann');
  expect((await job.run()).state).toBe('CANCELLED');
  expect(await job.counts()).toEqual({ SKIPPED_BY_CANCEL: 2 });
  expect(at.broker.log).toEqual([]);
});
