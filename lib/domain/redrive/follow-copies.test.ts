import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Ctx } from '../ctx';
import { followCopies } from './follow-copies';
import { redriveOf, type Scene, sceneOf } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const RETRY = '%RETRY%g';
const nobody = () => false;
const copiesOf = ({ broker }: Scene) => broker.queue(RETRY, 0);
const lastOf = (at: Scene) => copiesOf(at).at(-1) as StoredMessage;

/** The clock of the follower goes on by an hour per turn, so that every turn looks. */
function turnsOf({ ctx }: Scene) {
  let hours = 0;
  return (isWorkedOn: (id: string) => boolean = nobody) => {
    hours += 1;
    return followCopies({ ...ctx, now: () => Date.now() + hours * 3_600_000 } as Ctx, isWorkedOn);
  };
}

describe('copies of a job that nobody works on', () => {
  test('a canary that is consumed after its job has paused shows as consumed, in items, canary and brake', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, { canary: { waitMs: 20 } });
    expect((await job.run()).state).toBe('PAUSED');
    const turn = turnsOf(at);
    await turn();
    expect(await job.counts()).toEqual({ CONFIRMED: 1, SELECTED: 14 });

    at.broker.consume(lastOf(at));
    await turn();
    expect(await job.counts()).toEqual({ CONSUMED: 1, SELECTED: 14 });
    expect(await job.progress()).toMatchObject({ canary: { stage: 1, consumed: 1 }, brake: { judged: 1, failed: 0 } });
    const { state, epoch } = await job.stored();
    expect({ state, epoch }).toEqual({ state: 'PAUSED', epoch: 1 });
    expect(at.broker.sends()).toHaveLength(1);
  });

  test('a copy that failed and then dies, after the job has ended, becomes dead again', async () => {
    const at = sceneOf(store, 2);
    const job = await redriveOf(at);
    expect((await job.run()).state).toBe('DONE');
    const [first, second] = copiesOf(at);
    if (!first || !second) throw new Error('two copies expected');
    const turn = turnsOf(at);
    at.broker.failAgain(first, RETRY);
    at.broker.consume(second);
    await turn();
    expect(await job.counts()).toEqual({ FAILED_AGAIN: 1, CONSUMED: 1 });
    at.broker.put('%DLQ%g', { properties: first.properties, reconsumeTimes: 17 });
    await turn();
    expect(await job.counts()).toEqual({ DEAD_AGAIN: 1, CONSUMED: 1 });
  });

  test('a job that runs, was cancelled, ended long ago, or whose copies the group does not read is left alone', async () => {
    const at = sceneOf(store, 1);
    const job = await redriveOf(at);
    await job.run();
    at.broker.consume(lastOf(at));
    const turn = turnsOf(at);
    await turn((id) => id === job.operation.id);
    expect(await job.counts()).toEqual({ CONFIRMED: 1 });
    const set = (values: { state?: 'CANCELLED' | 'DONE'; endedAt?: number; inputJson?: string }) =>
      store.db.updateTable('operation').set(values).where('id', '=', job.operation.id).execute();
    await set({ state: 'CANCELLED' });
    await turn();
    const endedAt = (await job.stored()).endedAt ?? 0;
    await set({ state: 'DONE', endedAt: endedAt - 48 * 3_600_000 });
    await turn();
    const input = JSON.parse((await job.stored()).inputJson);
    await set({ endedAt, inputJson: JSON.stringify({ ...input, isJudged: false }) });
    await turn();
    expect(await job.counts()).toEqual({ CONFIRMED: 1 });
  });

  test('a job that was taken up and paused again is looked at anew', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, { canary: { waitMs: 20 } });
    await job.run();
    at.broker.consume(lastOf(at));
    const turn = turnsOf(at);
    await turn();
    // Nothing is open any more.
    await turn();
    expect((await job.resume()).state).toBe('PAUSED');
    expect(await job.counts()).toEqual({ CONSUMED: 1, CONFIRMED: 10, SELECTED: 4 });
    at.broker.consume(lastOf(at));
    await turn();
    expect(await job.counts()).toEqual({ CONSUMED: 11, SELECTED: 4 });
  });

  test('is asked about less and less often while nothing becomes known', async () => {
    const at = sceneOf(store, 1);
    await (await redriveOf(at)).run();
    const asked = () => at.broker.log.filter(({ request }) => request === 'QUERY_MESSAGE').length;
    const [before, began] = [asked(), Date.now()];
    for (let second = 0; second < 60; second += 1)
      await followCopies({ ...at.ctx, now: () => began + second * 1000 } as Ctx, nobody);
    const looks = (asked() - before) / 3;
    expect(looks).toBeGreaterThanOrEqual(4);
    expect(looks).toBeLessThanOrEqual(6);
  });
});
