import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RedrivePlanInput } from '@/lib/contract/plans';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { listFailures } from '../dead-letters/list-failures';
import { readWholeLedger } from '../dead-letters/whole-ledger.fixture';
import { jobOf } from '../jobs/control';
import { planRedrive } from './plan';
import { recheckRedrive } from './recheck';
import { all, redriveOf, type Scene, sceneOf } from './scene.fixture';

const MANY = 2500;
const RATE = 6400;
const RETRY = '%RETRY%g';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

/** More letters than a list takes, all of them read into the ledger. */
async function manyLetters(letters = MANY): Promise<Scene> {
  const at = sceneOf(store, letters);
  at.ctx.maxRate = RATE;
  await readWholeLedger(at);
  return at;
}

const countsOf = async (job: { counts(): unknown }) => (await job.counts()) as Record<string, number>;
const plan = ({ ctx }: Scene, asked: Partial<RedrivePlanInput> = {}) =>
  planRedrive(ctx, { ...all, target: { kind: 'group' }, ...asked });
const keysSent = ({ broker }: Scene) => broker.queue(RETRY, 0).map(({ properties }) => properties.UNIQ_KEY);

describe('plan of more letters than a list holds', () => {
  test('waits for the whole ledger, then counts in it: what goes, where to, and what is left out', async () => {
    const at = sceneOf(store, MANY);
    await expect(plan(at)).rejects.toMatchObject({ code: 'INVALID', key: 'ledger_unread' });
    at.broker.bury('g', 'KEY7');
    at.broker.bury('g', 'LOST', { RETRY_TOPIC: '' });
    const groupId = await readWholeLedger(at);
    const handled = { cluster: at.ctx.cluster, group: 'g', broker: 'broker-a', handledAt: 1, handledBy: 'Ann' };
    const first = await redriveOf(at, { select: { ids: ['broker-a:1000', 'broker-a:1500'] } });
    await first.run();
    await store.db
      .insertInto('handled')
      .values({ ...handled, phyOffset: 2000, uniqKey: 'KEY2', operationId: first.operation.id })
      .execute();
    const { plan: draft, frozen } = await plan(at);
    expect(draft).toMatchObject({ refused: null, count: MANY - 3, confirm: 'g', judged: true });
    expect(draft.destinations).toEqual([{ topic: RETRY, count: MANY - 3 }]);
    expect(new Map(draft.skipped.map(({ reason, count }) => [reason, count]))).toEqual(
      new Map([
        ['already_redriven', 2],
        ['handled', 1],
        ['older_copy', 1],
        ['no_origin_topic', 1],
      ]),
    );
    expect(draft.sample).toHaveLength(3);
    expect(draft.warnings.map(({ key }) => key)).toContain('markers_unchecked');
    expect(frozen).toMatchObject({ letters: [], condition: { groupId, count: MANY - 3 } });
    // To the original topics everyone who reads them is listed.
    const { plan: origin } = await plan(at, { target: { kind: 'origin' } });
    expect(origin.receivers.map(({ group, count }) => [group, count])).toEqual([
      ['audit', MANY - 3],
      ['g', MANY - 3],
    ]);
  });

  test('is stale when letters were marked since, not when others died or some expired', async () => {
    const at = await manyLetters();
    const { plan: draft, frozen } = await plan(at);
    at.broker.bury('g', 'NEW');
    await recheckRedrive(at.ctx, draft, frozen);
    at.broker.expiredBelow.set('%DLQ%g 0', 3);
    await recheckRedrive(at.ctx, draft, frozen);
    const { operation } = await redriveOf(sceneOf(store, 1));
    const handled = { cluster: at.ctx.cluster, group: 'g', broker: 'broker-a', handledAt: 1, handledBy: 'Ann' };
    await store.db
      .insertInto('handled')
      .values({ ...handled, phyOffset: 1000 + 500 * 9, uniqKey: 'KEY9', operationId: operation.id })
      .execute();
    await expect(recheckRedrive(at.ctx, draft, frozen)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      key: 'letters_changed',
      params: { planned: MANY, now: MANY - 1 },
    });
  });

  test('is stale when the queue was deleted and others took the same offsets', async () => {
    const at = await manyLetters();
    const { plan: draft, frozen } = await plan(at);
    at.broker.queues.delete('%DLQ%g 0');
    for (let n = 0; n < MANY; n += 1) at.broker.bury('g', `OTHER${n}`);
    // Whoever planned again without noticing would be refused for ever.
    const unread = { key: 'ledger_unread', params: { read: 0, total: MANY } };
    await expect(plan(at)).rejects.toMatchObject(unread);
    await readWholeLedger(at);
    await expect(recheckRedrive(at.ctx, draft, frozen)).rejects.toMatchObject({ key: 'letters_replaced' });
    const anew = await plan(at);
    expect(anew.plan.count).toBe(MANY);
    await recheckRedrive(at.ctx, anew.plan, anew.frozen);
  });
});

describe('run', () => {
  test('sends all of them once, oldest first, and accounts for each', async () => {
    const at = await manyLetters();
    const job = await redriveOf(at, { rate: RATE });
    expect(await job.counts()).toEqual({ SELECTED: MANY });
    expect((await job.run()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: MANY });
    expect(keysSent(at)).toEqual(Array.from({ length: MANY }, (_, n) => `KEY${n}`));
    const views = at.broker.log.filter(({ request }) => request === 'VIEW_MESSAGE_BY_ID');
    expect(views.length).toBeLessThan(300);
  });

  test('a filter takes what it lets through; what expired since the plan is told so', async () => {
    const at = await manyLetters();
    const job = await redriveOf(at, { rate: RATE, select: { filter: { state: 'open', from: 1000 + 500 * 100 } } });
    at.broker.bury('g', 'LATER');
    at.broker.expiredBelow.set('%DLQ%g 0', 110);
    await readWholeLedger(at);
    expect((await job.run()).state).toBe('PARTIAL');
    expect(await job.counts()).toEqual({ CONFIRMED: MANY - 110, EXPIRED: 10 });
    expect(keysSent(at)[0]).toBe('KEY110');
    expect(keysSent(at)).not.toContain('LATER');
  });

  test('pause, resume and cancel: what has no item yet is counted, and never sent after a cancel', async () => {
    const at = await manyLetters();
    const job = await redriveOf(at, { rate: RATE });
    at.broker.onSend = async ({ properties }) => {
      if (properties.UNIQ_KEY === 'KEY1500') at.control.request('pause', 'Ann');
    };
    expect((await job.run()).state).toBe('PAUSED');
    const { CONFIRMED = 0, SELECTED = 0 } = await countsOf(job);
    expect(CONFIRMED).toBeGreaterThan(1500);
    expect(CONFIRMED + SELECTED).toBe(MANY);
    at.broker.onSend = async ({ properties }) => {
      if (properties.UNIQ_KEY === 'KEY1900') jobOf(at.ctx).control.request('cancel', 'Ann');
    };
    expect((await job.resume()).state).toBe('CANCELLED');
    const after = await countsOf(job);
    expect(after).toEqual({ CONFIRMED: at.broker.sends().length, SKIPPED_BY_CANCEL: MANY - at.broker.sends().length });
    expect(after.CONFIRMED).toBeLessThan(2200);
  });

  test('a cause tells how far the job is with all of its letters, also those that have no item yet and those sent before', async () => {
    const at = sceneOf(store, 0);
    at.ctx.maxRate = RATE;
    for (let n = 0; n < MANY; n += 1) at.broker.bury('g', `KEY${n}`, n % 5 === 0 ? { errorType: 'Timeout' } : {});
    await readWholeLedger(at);
    const first = await redriveOf(at, { select: { ids: ['broker-a:1000', 'broker-a:1500'] } });
    await first.run();
    const progress = async () =>
      (await listFailures(at.ctx, { group: 'g' } as never)).items
        .map((each) => each.progress)
        .sort((one, other) => (other?.of ?? 0) - (one?.of ?? 0));
    expect(await progress()).toEqual([null, null]);
    const job = await redriveOf(at, { rate: RATE });
    const jobId = job.operation.id;
    at.broker.onSend = async ({ properties }) => {
      if (properties.UNIQ_KEY === 'KEY700') at.control.request('pause', 'Ann');
    };
    expect((await job.run()).state).toBe('PAUSED');
    const { CONFIRMED = 0 } = await countsOf(job);
    const [many, few] = await progress();
    expect(many).toMatchObject({ jobId, of: 1999 });
    expect(few).toMatchObject({ jobId, of: 499 });
    expect((many?.sent ?? 0) + (few?.sent ?? 0)).toBe(CONFIRMED);
    at.broker.onSend = async () => {};
    expect((await job.resume()).state).toBe('DONE');
    expect(await progress()).toEqual([null, null]);
  });

  test('what was settled before its turn is skipped with its reason, and the sum stays what was planned', async () => {
    const at = await manyLetters();
    const letterOf = (n: number) => ({ broker: 'broker-a', phyOffset: 1000 + 500 * n, uniqKey: `KEY${n}` });
    const { operation: other } = await redriveOf(sceneOf(store, 1));
    const mark = { cluster: at.ctx.cluster, group: 'g', operationId: other.id, by: 'Ann', at: Date.now() };
    await store.handled.mark(mark, [letterOf(2400)]);
    const queue = { broker: 'broker-a', queueId: 0 };
    await store.handled.raise(mark, { ...queue, lastPhyOffset: null, belowOffset: 3 });
    await store.handled.renewWords({ ...queue, groupId: await readWholeLedger(at), above: -1, upTo: 1000 + 500 * 2 });
    const job = await redriveOf(at, { rate: RATE });
    expect(job.plan).toMatchObject({ count: MANY - 4, skipped: [{ reason: 'handled', count: 4 }] });
    const marked = Array.from({ length: 200 }, (_, n) => letterOf(2000 + n));
    at.broker.onSend = async ({ properties }) => {
      if (properties.UNIQ_KEY === 'KEY30') {
        await store.handled.mark({ ...mark, at: Date.now() }, [...marked, letterOf(1000)]);
        at.broker.bury('g', 'KEY2300');
        await readWholeLedger(at);
      }
      // Its turn was over when it was reopened.
      if (properties.UNIQ_KEY === 'KEY1500') await store.handled.reopen({ ...mark, at: Date.now() }, [letterOf(2000)]);
    };
    expect((await job.run()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: MANY - 4 - 201, SKIPPED: 201 });
    const skipped = await store.items.page(job.operation.id, { states: ['SKIPPED'], limit: MANY });
    const reasons = new Map(skipped.map(({ srcUniqKey, terminalReason }) => [srcUniqKey, terminalReason]));
    expect(reasons.get('KEY2300')).toBe('older_copy');
    expect(['KEY1000', 'KEY2001', 'KEY2199'].map((key) => reasons.get(key))).toEqual(Array(3).fill('handled'));
    expect(keysSent(at)).toHaveLength(MANY - 4 - 201);
    expect(keysSent(at)).toContain('KEY2000');
  });

  test('an answer that is lost is looked for from the end that was known, not from the beginning', async () => {
    const at = await manyLetters();
    const job = await redriveOf(at, { rate: RATE });
    let before = 0;
    at.broker.onSend = async ({ properties }) => {
      if (properties.UNIQ_KEY !== 'KEY2000') return;
      before = at.broker.log.length;
      at.broker.deeds = [{ kind: 'silence', isStored: true }];
      at.broker.onSend = async () => {};
    };
    expect((await job.run()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: MANY });
    expect(new Set(keysSent(at)).size).toBe(MANY);
    const scans = at.broker.log
      .slice(before)
      .filter(({ request, input }) => request === 'PULL_MESSAGE' && (input as { topic: string }).topic === RETRY)
      .map(({ input }) => (input as { queueOffset: number }).queueOffset);
    expect(scans[0]).toBeGreaterThan(1700);
  });
});
