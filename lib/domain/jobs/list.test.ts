import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { listJobs } from './list';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

test('jobs about dead letters leave the others out', async () => {
  for (const [index, kind] of (['reset', 'handle', 'run-once', 'reset', 'redrive'] as const).entries())
    await store.operations.insert({
      id: `01${index}`,
      mutation: kind,
      kind,
      cluster: 'test',
      group: `g${index}`,
      state: 'DONE',
      inputJson: '{}',
      createdBy: 'local',
      createdByName: 'local',
      reason: 'test',
      requestHash: kind,
      epoch: 0,
      createdAt: 1,
    } as never);
  const ctx = { store, cluster: 'test', now: Date.now, actor: actorOf('viewer') } as unknown as Ctx;
  const { items, total } = await listJobs(ctx, { about: 'dead-letters', limit: 2 });
  expect(items.map(({ kind }) => kind)).toEqual(['redrive', 'run-once']);
  expect(total).toBe(3);
});
