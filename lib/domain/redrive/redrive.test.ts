import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import type { Deed, FakeBroker } from './fake-broker.fixture';
import { REDRIVE_JOB, redriveMutation } from './job';
import { planRedrive } from './plan';
import { recheckRedrive } from './recheck';
import { all, redriveOf, type Scene, sceneOf, TIMES } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const scene = (letters = 3) => sceneOf(store, letters);
const redrive = (at: Scene, target: 'group' | 'origin' = 'group') => redriveOf(at, { target: { kind: target } });

const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, count) => total + count, 0);

describe('plan', () => {
  test('of letters with one key only the newest is sent; handled and redriven ones are left out, with the reason', async () => {
    const at = scene(2);
    at.broker.bury('g', 'KEY1');
    const job = await redrive(at);
    expect(job.plan).toMatchObject({ count: 2, skipped: [{ reason: 'older_copy' }], confirm: null });
    await job.run();
    const again = await planRedrive(at.ctx, { ...all, target: { kind: 'group' } });
    expect(again.plan).toMatchObject({ count: 0, refused: { key: 'nothing_to_send' } });
    expect(again.plan.skipped.filter(({ jobId }) => jobId === job.operation.id)).toHaveLength(2);
  });

  test('an older letter of a message is left out whatever became of the newest one, selected or not', async () => {
    const at = scene(0);
    const [older, newest] = [at.broker.bury('g', 'TWICE'), at.broker.bury('g', 'TWICE')];
    const idsOf = (...letters: { physicalOffset: number }[]) => ({
      select: { ids: letters.map(({ physicalOffset }) => `broker-a:${physicalOffset}`) },
    });
    const skippedOf = async () => {
      const { plan } = await planRedrive(at.ctx, { ...all, ...idsOf(older), target: { kind: 'group' } });
      return { count: plan.count, skipped: plan.skipped.map(({ reason }) => reason) };
    };
    expect(await skippedOf()).toEqual({ count: 0, skipped: ['older_copy'] });
    const job = await redriveOf(at, idsOf(older, newest));
    await job.run();
    expect(await job.counts()).toEqual({ CONFIRMED: 1 });
    expect(await skippedOf()).toEqual({ count: 0, skipped: ['older_copy'] });
    // Once the newest one has gone nothing can be sent besides it.
    at.broker.queue('%DLQ%g', 0).splice(1, 1);
    expect(await skippedOf()).toEqual({ count: 1, skipped: [] });
  });

  test('to the original topic: every subscribed group is named, and the group is typed', async () => {
    const { ctx } = scene();
    const { plan } = await planRedrive(ctx, { ...all, target: { kind: 'origin' } });
    expect(plan.receivers.map(({ group }) => group)).toEqual(['audit', 'g']);
    expect(plan).toMatchObject({ confirm: 'g', destinations: [{ topic: 'orders', count: 3 }] });
    expect(plan.warnings[0]).toMatchObject({ key: 'reaches_others', severity: 'critical' });
  });

  test('more than 100 to the group itself: the group is typed', async () => {
    expect((await planRedrive(scene(101).ctx, { ...all, target: { kind: 'group' } })).plan.confirm).toBe('g');
  });

  test('refused: no topic, no group, a client that consumes in order, a broker that is down, a POP group name', async () => {
    const refusal = async (change: (broker: FakeBroker) => void) => {
      const { broker, ctx } = scene(1);
      change(broker);
      return (await planRedrive(ctx, { ...all, target: { kind: 'group' } })).plan.refused?.key;
    };
    expect(await refusal((broker) => broker.topics.delete('%RETRY%g'))).toBe('target_gone');
    expect(await refusal((broker) => broker.addTopic('%RETRY%g', 1, 4))).toBe('target_gone');
    expect(await refusal((broker) => broker.groups.delete('g'))).toBe('group_missing');
    expect(await refusal((broker) => broker.clients.push({ clientId: 'c', isOrderly: true }))).toBe('orderly');
    expect(await refusal((broker) => broker.clients.push({ clientId: 'c', isOrderly: false }))).toBeUndefined();
    const pop = (broker: FakeBroker) => {
      broker.queues.clear();
      broker.addTopic('%RETRY%g_orders').bury('g', 'POP', { RETRY_TOPIC: '%RETRY%g_orders' });
    };
    expect(await refusal(pop)).toBe('pop_junk_group');
    expect(
      await refusal((broker) => {
        pop(broker);
        broker.groups.add('g_orders');
      }),
    ).toBeUndefined();
  });

  test('new ids: one for each copy whatever the attempt, with the old one beside it', async () => {
    const at = sceneOf(store, 3);
    at.broker.deeds = [{ kind: 'silence', isStored: false }];
    const job = await redriveOf(at, { newIds: true });
    expect(job.plan.sample[0]?.set).toEqual(expect.arrayContaining(['UNIQ_KEY', 'RDX_ORIGIN_UNIQ_KEY']));
    expect(job.plan.warnings.map(({ key }) => key)).toContain('new_ids');
    await job.run();
    expect(await job.counts()).toEqual({ CONFIRMED: 3 });
    const sent = at.broker.sends().map(({ properties }) => properties);
    expect(sent).toHaveLength(4);
    const ids = new Map(sent.map(({ RDX_ORIGIN_UNIQ_KEY, UNIQ_KEY }) => [RDX_ORIGIN_UNIQ_KEY, UNIQ_KEY]));
    expect([...ids.keys()].sort()).toEqual(['KEY0', 'KEY1', 'KEY2']);
    for (const { RDX_ORIGIN_UNIQ_KEY, UNIQ_KEY } of sent) expect(UNIQ_KEY).toBe(ids.get(RDX_ORIGIN_UNIQ_KEY));
    expect(new Set(ids.values()).size).toBe(3);
    for (const id of ids.values()) expect(id).toMatch(/^[0-9A-F]{8}[89A-F][0-9A-F]{23}$/);
  });

  test('letters that retention may take before their turn are warned of', async () => {
    const at = sceneOf(store, 3);
    const brokers = at.ctx.snapshot()?.brokers as unknown as { name: string; retentionMs: number }[];
    const warningsAt = async (leftMs: number, rate: number) => {
      // The oldest died at 1000.
      brokers.splice(0, 1, { name: 'broker-a', retentionMs: Date.now() - 1000 + leftMs });
      const { plan } = await planRedrive(at.ctx, { ...all, target: { kind: 'group' }, rate });
      return plan.warnings.find(({ key }) => key === 'expires_meanwhile')?.params;
    };
    expect(await warningsAt(60_000, 1)).toBeUndefined();
    expect(await warningsAt(2000, 1)).toEqual({ left: 0, takes: 1 });
    expect(await warningsAt(2000, 3)).toBeUndefined();
    expect(await warningsAt(-60_000, 500)).toEqual({ left: 0, takes: 1 });
  });

  test('a gRPC group that consumes in order: refused while nobody has ever read its retry topic, else warned of', async () => {
    const { broker, ctx } = scene(1);
    const planned = async (kind: 'group' | 'origin' = 'group') => {
      const { plan } = await planRedrive(ctx, { ...all, target: { kind } });
      return { refused: plan.refused, isWarned: plan.warnings.some(({ key }) => key === 'fifo_retry') };
    };
    broker.fifoGroups.add('g');
    expect((await planned()).refused).toEqual({ key: 'fifo_unread', params: { group: 'g', topic: '%RETRY%g' } });
    expect(await planned('origin')).toEqual({ refused: null, isWarned: false });
    // Read before the group moved to gRPC, perhaps, or by classic clients that are stopped.
    broker.committed.set('%RETRY%g 0', 0);
    expect(await planned()).toEqual({ refused: null, isWarned: true });
    broker.clients.push({ clientId: 'c', isOrderly: false });
    expect(await planned()).toEqual({ refused: null, isWarned: false });
  });

  test('stale when the queue began again under other letters; not when letters expired or came', async () => {
    const { broker, ctx } = scene(2);
    const { plan, frozen } = await planRedrive(ctx, { ...all, target: { kind: 'group' } });
    broker.bury('g', 'NEW');
    await recheckRedrive(ctx, plan, frozen);
    broker.queues.delete('%DLQ%g 0');
    for (const key of ['A', 'B', 'C']) broker.bury('g', key);
    await expect(recheckRedrive(ctx, plan, frozen)).rejects.toMatchObject({
      code: 'PLAN_STALE',
      key: 'letters_replaced',
    });
  });

  test('ids of other topics are refused before anything is sent', async () => {
    const { broker, ctx } = scene(1);
    const stranger = broker.put('orders');
    const ids = [`broker-a:${stranger.physicalOffset}`];
    await expect(planRedrive(ctx, { ...all, select: { ids }, target: { kind: 'group' } })).rejects.toMatchObject({
      code: 'INVALID',
      key: 'not_a_dead_letter',
    });
    const gone = await planRedrive(ctx, { ...all, select: { ids: ['broker-a:7'] }, target: { kind: 'group' } });
    expect(gone.plan.skipped).toEqual([{ id: 'broker-a:7', reason: 'expired', jobId: null }]);
  });
});

describe('run', () => {
  test('sends body and keys unchanged with its markers, reconsume times 0, and ends with all confirmed', async () => {
    const at = scene(3);
    const job = await redrive(at);
    const ended = await job.run();
    expect(ended.state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: 3 });
    expect(at.broker.sends()[0]).toMatchObject({
      topic: '%RETRY%g',
      queueId: 0,
      reconsumeTimes: 0,
      producerGroup: 'g',
      properties: { RETRY_TOPIC: 'orders', RDX_OP: job.operation.id, RDX_N: '0', RDX_K: '1' },
    });
  });

  test('says meanwhile how far it is', async () => {
    const at = scene(200);
    const update = vi.spyOn(store.operations, 'updateAs');
    const job = await redrive(at);
    expect((await job.run()).state).toBe('DONE');
    const told = update.mock.calls.flatMap(([id, , { countsJson }]) =>
      id === job.operation.id && countsJson ? [JSON.parse(countsJson) as Record<string, number>] : [],
    );
    update.mockRestore();
    expect(told.map(sum)).toEqual(told.map(() => 200));
    expect(told.some(({ CONFIRMED = 0, SELECTED = 0 }) => CONFIRMED > 0 && SELECTED > 0)).toBe(true);
  });

  test('letters of one sharding key keep their order, also around one that the broker was too busy for', async () => {
    const at = scene(0);
    for (const name of ['A1', 'A2', 'B1', 'A3', 'B2']) at.broker.bury('g', name, { __SHARDINGKEY: name.charAt(0) });
    at.broker.deeds = [{ kind: 'refuse', code: 2 }];
    let underWay = 0;
    at.broker.onSend = async ({ properties }) => {
      if (properties.__SHARDINGKEY !== 'A') return;
      underWay += 1;
      expect(underWay).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
    };
    const job = await redrive(at);
    expect((await job.run()).state).toBe('DONE');
    const keys = at.broker.queue('%RETRY%g', 0).map(({ properties }) => properties.UNIQ_KEY ?? '');
    expect(keys.filter((key) => key.startsWith('A'))).toEqual(['A1', 'A2', 'A3']);
    expect(keys.filter((key) => key.startsWith('B'))).toEqual(['B1', 'B2']);
  });

  test('a lost answer is found by scan and not sent again; a lost request is sent again, once', async () => {
    const at = scene(2);
    at.broker.deeds = [
      { kind: 'silence', isStored: true },
      { kind: 'silence', isStored: false },
    ];
    const job = await redrive(at);
    expect((await job.run()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: 2 });
    expect(at.broker.sends().map(({ properties }) => `${properties.RDX_N}/${properties.RDX_K}`)).toEqual([
      '0/1',
      '1/1',
      '1/2',
    ]);
    expect(await store.attempts.list(job.operation.id, 0)).toMatchObject([{ resolvedBy: 'SCAN', queueOffset: 0 }]);
  });

  test('a request that arrives after its resend is listed as a duplicate, with both ids', async () => {
    const at = scene(1);
    at.broker.deeds = [{ kind: 'late' }];
    const job = await redrive(at);
    await job.run();
    expect(await job.counts()).toEqual({ DUPLICATED: 1 });
    const page = await REDRIVE_JOB.items?.(store, job.operation, { only: 'exceptions', limit: 10 });
    const evidence = page?.items[0]?.evidence;
    expect(evidence?.offsetMsgId).toBeTruthy();
    expect(evidence?.otherOffsetMsgId).toBeTruthy();
    expect(evidence?.otherOffsetMsgId).not.toBe(evidence?.offsetMsgId);
  });

  test('three attempts without a trace end as a question to a person', async () => {
    const at = scene(1);
    at.broker.deeds = Array.from({ length: 3 }, () => ({ kind: 'silence', isStored: false }));
    const job = await redrive(at);
    expect((await job.run()).state).toBe('PARTIAL');
    expect(await job.counts()).toEqual({ NEEDS_DECISION: 1 });
    expect(at.broker.sends()).toHaveLength(3);
  });

  test('a copy the broker diverts to the dead letters is rejected and the job pauses', async () => {
    const at = scene(2);
    at.broker.deeds = [{ kind: 'divert' }, { kind: 'divert' }];
    const job = await redrive(at);
    expect(await job.run()).toMatchObject({ state: 'PAUSED', errorJson: expect.stringContaining('diverted') });
    expect(await job.counts()).toEqual({ REJECTED: 2 });
  });

  test('a target that disappears pauses the job and is never created again', async () => {
    const at = scene(30);
    const job = await redrive(at);
    at.broker.onSend = async ({ properties }) => {
      if (properties.RDX_N === '5') at.broker.topics.delete('%RETRY%g');
    };
    expect(await job.run()).toMatchObject({ state: 'PAUSED', errorJson: expect.stringContaining('target_gone') });
    expect(at.broker.sends()).toHaveLength(20);
    at.broker.addTopic('%RETRY%g');
    at.broker.onSend = async () => {};
    expect((await job.resume()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: 30 });
  });

  test('what a missing topic refused is sent once it is back; what it took with it is told', async () => {
    const at = scene(30);
    const job = await redrive(at);
    const [stored, refused] = [{ kind: 'answer', code: 0 } as const, { kind: 'refuse', code: 17 } as const];
    at.broker.deeds = [...Array.from({ length: 5 }, () => stored), ...Array.from({ length: 15 }, () => refused)];
    at.broker.onSend = async ({ properties }) => {
      if (properties.RDX_N !== '5') return;
      // The records stay in the commit log, where they can be read by their position.
      at.broker.queues.set('log', at.broker.queue('%RETRY%g', 0));
      at.broker.queues.delete('%RETRY%g 0');
      at.broker.topics.delete('%RETRY%g');
    };
    expect(await job.run()).toMatchObject({ state: 'PAUSED', errorJson: expect.stringContaining('target_gone') });
    at.broker.addTopic('%RETRY%g');
    at.broker.onSend = async () => {};
    expect((await job.resume()).state).toBe('PARTIAL');
    expect(await job.counts()).toEqual({ CONFIRMED: 25, NEEDS_DECISION: 5 });
    expect((await at.store.items.get(job.operation.id, 0))?.terminalReason).toBe('vanished');
    expect(at.broker.queue('%RETRY%g', 0)).toHaveLength(25);
  });

  test('cancel resolves what is under way and skips the rest', async () => {
    const at = scene(30);
    at.broker.deeds = [{ kind: 'silence', isStored: true }];
    const job = await redrive(at);
    at.broker.onSend = async ({ properties }) => {
      if (properties.RDX_N === '3') at.control.request('cancel', 'Ann');
    };
    expect((await job.run()).state).toBe('CANCELLED');
    expect(await job.counts()).toEqual({ CONFIRMED: 20, SKIPPED_BY_CANCEL: 10 });
  });

  test('a letter that was marked handled before its turn is skipped and counted', async () => {
    const at = scene(30);
    const job = await redrive(at);
    const mark = { cluster: at.ctx.cluster, group: 'g', operationId: job.operation.id, by: 'Ann', at: Date.now() };
    const letter = { broker: 'broker-a', phyOffset: 1000 + 500 * 25, uniqKey: 'KEY25' };
    at.broker.onSend = async ({ properties }) => {
      if (properties.RDX_N === '3') await store.handled.mark(mark, [letter]);
    };
    expect((await job.run()).state).toBe('DONE');
    expect(await job.counts()).toEqual({ CONFIRMED: 29, SKIPPED: 1 });
    expect(at.broker.sends().map(({ properties }) => properties.UNIQ_KEY)).not.toContain('KEY25');
    const page = await REDRIVE_JOB.items?.(store, job.operation, { only: 'exceptions', limit: 10 });
    expect(page).toMatchObject({ total: 1, items: [{ n: 25, state: 'SKIPPED', evidence: { reason: 'handled' } }] });
  });

  test('a letter that expired since the plan is counted, and no other message is sent instead', async () => {
    const at = scene(2);
    const job = await redrive(at);
    at.broker.queue('%DLQ%g', 0)[0] = at.broker.put('elsewhere');
    expect((await job.run()).state).toBe('PARTIAL');
    expect(await job.counts()).toEqual({ CONFIRMED: 1, EXPIRED: 1 });
  });

  test('after a crash between intent and answer the lane says which were stored', async () => {
    for (const point of [
      'before_first_intent',
      'between_intent_and_frame',
      'after_frame_before_answer',
      'result_committed',
    ]) {
      const at = scene(25);
      const job = await redrive(at);
      const { operation } = job;
      // A killed process leaves the operation RUNNING: the rows are put back to how they stood.
      const crashPoint = (name: string) => {
        if (name === point) throw new Error('killed');
      };
      const crashing: Ctx = { ...at.ctx, crashPoint };
      vi.spyOn(store.items, 'moveAll').mockImplementation(async () => 0);
      await redriveMutation(TIMES)
        .execute(crashing, operation)
        .catch(() => {});
      vi.restoreAllMocks();
      await vi.waitFor(async () => expect(at.broker.sends().length % 20).toBe(0));
      await store.db
        .updateTable('operation')
        .set({ state: 'PAUSED', endedAt: null })
        .where('id', '=', operation.id)
        .execute();
      expect((await job.resume()).state, point).toBe('DONE');
      expect(await job.counts(), point).toEqual({ CONFIRMED: 25 });
      const copies = at.broker.queue('%RETRY%g', 0).map(({ properties }) => properties.RDX_N);
      expect(new Set(copies).size).toBe(25);
      expect(copies).toHaveLength(25);
    }
  });
});

test('whatever the broker does: the sum is the selection, no frame without a durable intent, every extra copy is listed', async () => {
  const deed: fc.Arbitrary<Deed> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom<Deed>(
        { kind: 'answer', code: 0 },
        { kind: 'answer', code: 10 },
        { kind: 'answer', code: 12 },
      ),
    },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Deed>(
        { kind: 'refuse', code: 2 },
        { kind: 'refuse', code: 14 },
        { kind: 'refuse', code: 215 },
      ),
    },
    { weight: 1, arbitrary: fc.constantFrom<Deed>({ kind: 'refuse', code: 13 }, { kind: 'refuse', code: 17 }) },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constantFrom('error' as const, 'silence' as const), isStored: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'late' }) },
    { weight: 1, arbitrary: fc.constant<Deed>({ kind: 'divert' }) },
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(deed, { maxLength: 40 }),
      fc.integer({ min: 1, max: 25 }),
      fc.constantFrom('group' as const, 'origin' as const),
      fc.option(fc.record({ at: fc.nat(20), act: fc.constantFrom('pause' as const, 'cancel' as const) })),
      async (deeds, letters, target, asked) => {
        const at = scene(letters);
        const job = await redrive(at, target);
        at.broker.deeds = [...deeds];
        const violations: string[] = [];
        let frames = 0;
        at.broker.onSend = async ({ properties, topic, queueId }) => {
          if (asked && frames++ === asked.at) at.control.request(asked.act, 'Ann');
          const n = Number(properties.RDX_N);
          const item = await store.items.get(job.operation.id, n);
          const intent = (await store.attempts.list(job.operation.id, n)).find(
            ({ k }) => String(k) === properties.RDX_K,
          );
          const isDurable = intent?.tgtTopic === topic && intent.tgtQueueId === queueId && intent.resultCode === null;
          if (!isDurable || item?.state !== 'INTENT') violations.push(`${n}: ${JSON.stringify(intent)} ${item?.state}`);
        };
        let ended = await job.run();
        for (let again = 0; ended.state === 'PAUSED' && again < 60; again += 1) {
          expect(sum(await job.counts())).toBe(letters);
          (at.ctx as unknown as { job: { control: JobControl } }).job.control = new JobControl();
          at.broker.addTopic(target === 'group' ? '%RETRY%g' : 'orders', target === 'group' ? 1 : 4);
          ended = await job.resume();
        }
        expect(['DONE', 'PARTIAL', 'FAILED', 'CANCELLED']).toContain(ended.state);
        expect(violations).toEqual([]);
        expect(ended.errorJson ?? '').not.toContain('unexpected');
        const counts = await job.counts();
        expect(sum(counts)).toBe(letters);
        for (const open of ['SELECTED', 'INTENT', 'UNKNOWN']) expect(counts[open as never]).toBeUndefined();

        const items = await store.items.page(job.operation.id, { limit: 100 });
        const targetTopic = target === 'group' ? '%RETRY%g' : 'orders';
        for (const item of items) {
          const copies = at.broker
            .all()
            .filter(
              ({ topic, properties }) =>
                topic === targetTopic && properties.RDX_OP === job.operation.id && properties.RDX_N === String(item.n),
            );
          if (copies.length > 1) expect(item.state).toBe('DUPLICATED');
          if (copies.length === 1) expect(['CONFIRMED', 'STORED_UNCERTAIN']).toContain(item.state);
          if (copies.length === 0) expect(['REJECTED', 'NEEDS_DECISION', 'SKIPPED_BY_CANCEL']).toContain(item.state);
        }
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
