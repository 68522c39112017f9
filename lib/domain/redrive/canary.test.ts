import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { JobControl } from '../jobs/control';
import { redriveMutation } from './job';
import { planRedrive } from './plan';
import { redriveOf, type Scene, sceneOf, TIMES } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const RETRY = '%RETRY%g';
const QUICK = { canary: { waitMs: 40 } };
const PATIENT = { canary: { waitMs: 60_000 } };
const noteOf = ({ errorJson }: { errorJson: string | null }) => JSON.parse(errorJson ?? 'null');
/** Of every message on its way to the group: it takes it, and fails on those the predicate names. */
const consumer =
  ({ broker }: Scene, isFailing: (message: StoredMessage) => boolean) =>
  (message: StoredMessage) => {
    if (isFailing(message)) broker.failAgain(message, RETRY);
    broker.consume(message);
  };

describe('canary', () => {
  test('1, then 10, then the rest: each stage is consumed before the next one goes', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, PATIENT);
    const arrived: StoredMessage[] = [];
    at.broker.onStored = (message) => arrived.push(message);
    const running = job.run();
    const take = async (sent: number) => {
      await vi.waitFor(() => expect(at.broker.sends()).toHaveLength(sent));
      await vi.waitFor(async () => expect((await job.progress())?.canary?.sent).toBe(sent === 1 ? 1 : 10));
      expect(at.broker.sends()).toHaveLength(sent);
      for (const message of arrived.splice(0)) at.broker.consume(message);
    };
    await take(1);
    await take(11);
    expect((await running).state).toBe('DONE');
    expect(at.broker.sends()).toHaveLength(15);
    expect((await job.progress())?.canary).toMatchObject({ stage: 3, stages: [1, 10] });
  });

  test('a consumer that still fails trips the brake with one message, and nothing more is sent', async () => {
    const at = sceneOf(store, 15);
    at.broker.onStored = (message) => at.broker.failAgain(message, RETRY);
    const job = await redriveOf(at, PATIENT);
    const ended = await job.run();
    expect(ended.state).toBe('PAUSED');
    expect(noteOf(ended)).toEqual({ key: 'canary_failed', params: { group: 'g', failed: 1, sent: 1, stage: 1 } });
    expect(at.broker.sends()).toHaveLength(1);
    expect(await job.counts()).toEqual({ FAILED_AGAIN: 1, SELECTED: 14 });
    expect(await job.progress()).toMatchObject({
      canary: { stage: 1, sent: 1, failed: 1 },
      brake: { failed: 1, judged: 1 },
    });
  });

  test('the failure is seen although the offset has passed the copy, and although a retry has been consumed since', async () => {
    const at = sceneOf(store, 15);
    at.broker.onStored = (message) => {
      at.broker.failAgain(message, RETRY);
      at.broker.consume(message);
      at.broker.consume(at.broker.put(RETRY, { properties: message.properties, reconsumeTimes: 1 }));
    };
    const job = await redriveOf(at, PATIENT);
    expect(noteOf(await job.run())).toMatchObject({ key: 'canary_failed' });
    expect(await job.counts()).toEqual({ CONSUMED: 1, SELECTED: 14 });
    expect((await store.items.get(job.operation.id, 0))?.terminalReason).toBe('consumed_later');
  });

  test('what another group failed on in the original topic is not this group’s failure', async () => {
    const at = sceneOf(store, 5);
    at.broker.onStored = (message) => {
      at.broker.failAgain(message, '%RETRY%audit');
      at.broker.consume(message);
    };
    const job = await redriveOf(at, { ...PATIENT, target: { kind: 'origin' } });
    expect((await job.run()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONSUMED: 5 });
  });

  test('not consumed within its wait: pauses; resumed it waits again and sends nothing before', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, QUICK);
    expect(noteOf(await job.run())).toMatchObject({ key: 'canary_not_consumed', params: { open: 1, waitMs: 40 } });
    expect(noteOf(await job.resume())).toMatchObject({ key: 'canary_not_consumed' });
    expect(at.broker.sends()).toHaveLength(1);
    at.broker.consume(at.broker.queue(RETRY, 0).at(-1) as StoredMessage);
    at.broker.onStored = (message) => at.broker.consume(message);
    expect((await job.resume()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONSUMED: 15 });
  });

  test('resumed after a failure it goes on with the next stage, which is watched as well', async () => {
    const at = sceneOf(store, 15);
    at.broker.onStored = consumer(at, () => true);
    const job = await redriveOf(at, PATIENT);
    await job.run();
    const again = await job.resume();
    expect(noteOf(again)).toMatchObject({ key: 'canary_failed', params: { stage: 2, failed: 10, sent: 10 } });
    expect(at.broker.sends()).toHaveLength(11);
    at.broker.onStored = consumer(at, () => false);
    expect((await job.resume()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ FAILED_AGAIN: 11, CONSUMED: 4 });
  });

  test('a pause and a crash in the middle of the wait do not shorten it', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, PATIENT);
    const running = job.run();
    await vi.waitFor(async () => expect((await job.progress())?.canary?.waitingSince).toBeTruthy());
    at.control.request('pause', 'Ann');
    expect(noteOf(await running)).toMatchObject({ key: 'paused_by' });

    // Killed: the row says RUNNING, and another process takes it over.
    const killed = new JobControl();
    (at.ctx as unknown as { job: { control: JobControl } }).job.control = killed;
    const { epoch } = await job.stored();
    const dying = redriveMutation(TIMES).resume(at.ctx, await job.stored());
    await vi.waitFor(async () => expect((await job.stored()).epoch).toBe(epoch + 1));
    await vi.waitFor(async () => expect((await job.progress())?.canary?.waitingSince).toBeTruthy());
    const resumed = job.resume();
    await expect(dying).rejects.toMatchObject({ key: 'operation_taken' });
    await vi.waitFor(async () => expect((await job.progress())?.canary?.waitingSince).toBeTruthy());
    expect(at.broker.sends()).toHaveLength(1);
    for (const message of at.broker.queue(RETRY, 0)) at.broker.consume(message);
    at.broker.onStored = (message) => at.broker.consume(message);
    expect((await resumed).state).toBe('DONE');
    expect(at.broker.sends()).toHaveLength(15);
  });

  test('cancelled while it waits: the rest is not sent', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, PATIENT);
    const running = job.run();
    await vi.waitFor(async () => expect((await job.progress())?.canary?.waitingSince).toBeTruthy());
    at.control.request('cancel', 'Ann');
    expect((await running).state).toBe('CANCELLED');
    expect(await job.counts()).toEqual({ CONFIRMED: 1, SKIPPED_BY_CANCEL: 14 });
  });

  test('a letter that expired is no canary: the next one takes its place', async () => {
    const at = sceneOf(store, 15);
    const job = await redriveOf(at, PATIENT);
    at.broker.queue('%DLQ%g', 0)[0] = at.broker.put('elsewhere');
    at.broker.onStored = (message) => at.broker.failAgain(message, RETRY);
    expect(noteOf(await job.run())).toMatchObject({ key: 'canary_failed' });
    expect(await job.counts()).toEqual({ EXPIRED: 1, FAILED_AGAIN: 1, SELECTED: 13 });
  });

  test('the plan says how long a stage waits, longer by POP, and that nobody is there to consume it', async () => {
    const { broker, ctx, group } = sceneOf(store, 2);
    const planned = async () =>
      (await planRedrive(ctx, { group: 'g', select: { all: true }, target: { kind: 'group' }, ...PATIENT })).plan;
    const plan = await planned();
    expect(plan).toMatchObject({
      canary: { stages: [1, 10], waitMs: 60_000 },
      brake: { failedAtLeast: 5, failedPercent: 5, lagLimit: null },
    });
    expect(plan.warnings.map(({ key }) => key)).toContain('canary_alone');
    expect(plan.warnings.map(({ key }) => key)).not.toContain('brake_blind');
    broker.keepsIndex = false;
    expect((await planned()).warnings).toContainEqual({
      key: 'brake_blind',
      severity: 'warning',
      params: { brokers: 'broker-a' },
    });
    group.mode = 'POP';
    expect((await planned()).canary?.waitMs).toBe(90_000);
  });

  test('with nothing left to send nothing is waited for', async () => {
    const at = sceneOf(store, 1);
    const job = await redriveOf(at, PATIENT);
    expect((await job.run()).state).toBe('DONE');
  });
});

describe('brake', () => {
  test('pauses when more than 5 and more than 5 % of those judged failed again; resumed it counts anew', async () => {
    const at = sceneOf(store, 200);
    at.broker.onStored = consumer(at, () => true);
    const job = await redriveOf(at);
    const ended = await job.run();
    expect(noteOf(ended)).toMatchObject({ key: 'brake_tripped', params: { group: 'g' } });
    const { failed, judged } = noteOf(ended).params;
    expect(failed).toBeGreaterThan(5);
    expect(judged).toBe(failed);
    const before = at.broker.sends().length;
    expect(before).toBeLessThan(200);
    at.broker.onStored = consumer(at, () => false);
    expect((await job.resume()).state).toBe('DONE');
    expect(at.broker.sends()).toHaveLength(200);
  });

  test('5 failures are none too many, and neither are 5 in a hundred', async () => {
    const at = sceneOf(store, 200);
    at.broker.onStored = consumer(at, ({ properties }) => Number(properties.RDX_N) % 40 === 0);
    const job = await redriveOf(at);
    expect((await job.run()).state).toBe('DONE');
    expect(await job.progress()).toMatchObject({ brake: { failed: 5, limit: 10 } });
  });

  test('sees failures behind a copy that holds the offset back', async () => {
    const at = sceneOf(store, 200);
    at.broker.onStored = (message) => {
      if (message.queueOffset > 0) at.broker.failAgain(message, RETRY);
    };
    const job = await redriveOf(at);
    expect(noteOf(await job.run())).toMatchObject({ key: 'brake_tripped' });
  });

  test('pauses when more wait for the group than the limit, and says so in the plan', async () => {
    const at = sceneOf(store, 60);
    const known = (value: number) => ({ value, asOf: 1 });
    Object.assign(at.group, { lag: known(90), retriesDue: known(10) });
    const job = await redriveOf(at, { lagLimit: 100 });
    expect(job.plan.warnings.map(({ key }) => key)).not.toContain('lag_over_limit');
    at.broker.onSend = async ({ properties }) => {
      if (properties.RDX_N === '25') at.group.retriesDue = known(11);
    };
    const ended = await job.run();
    expect(noteOf(ended)).toEqual({ key: 'lag_over_limit', params: { group: 'g', lag: 101, limit: 100 } });
    expect(at.broker.sends()).toHaveLength(40);
    expect(await job.progress()).toMatchObject({ brake: { lag: 101, lagLimit: 100 } });
    at.broker.onSend = async () => {};
    at.group.retriesDue = known(0);
    expect((await job.resume()).state).toBe('DONE');

    const behind = sceneOf(store, 1);
    behind.group.lag = known(500);
    const late = await redriveOf(behind, { lagLimit: 100 });
    expect(late.plan.warnings.map(({ key }) => key)).toContain('lag_over_limit');
  });
});

describe('speed', () => {
  test('above what the configuration allows it is refused with a sentence; without one it is the usual, or less', async () => {
    const at = sceneOf(store, 1);
    (at.ctx as { maxRate: number }).maxRate = 10;
    await expect(redriveOf(at, { rate: 11 })).rejects.toMatchObject({
      code: 'INVALID',
      key: 'rate_over_max',
      params: { rate: 11, max: 10 },
    });
    expect((await redriveOf(at, { rate: undefined })).plan).toMatchObject({ rate: 10, maxRate: 10 });
  });

  test('a busy broker halves it, the journal keeps it, and it says why', async () => {
    const at = sceneOf(store, 60);
    at.broker.deeds = [{ kind: 'refuse', code: 215 }];
    const job = await redriveOf(at, { rate: 100 });
    expect((await job.run()).state).toBe('DONE');
    expect((await job.progress())?.speed).toEqual({
      rate: 50,
      planned: 100,
      slowed: { key: 'busy', code: 215, p95Ms: null },
    });
    expect(await job.counts()).toEqual({ CONFIRMED: 60 });
  });
});
