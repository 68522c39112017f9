import { deflateSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { LetterEdit } from '@/lib/contract/plans';
import { parseMessageId } from '@/lib/rocketmq/codec/message-id';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import { FakeBroker } from '../redrive/fake-broker.fixture';
import { REDRIVE_JOB, redriveMutation } from '../redrive/job';
import { planRedrive } from '../redrive/plan';
import { newUniqKey } from './uniq-key';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const TIMES = { sendMs: 50, settleMs: 0, patienceMs: 200, backOffMs: 1, judgeMs: 0, lookMs: 2, sleep: async () => {} };
const SNAPSHOT = {
  groups: new Map([['g', { name: 'g', mode: 'CLUSTERING', consumeEnabled: true, members: { unknown: 'not_read' } }]]),
  topics: new Map(),
  brokers: [],
};

const exportsDir = freshDir();
let clusters = 0;
function scene(properties: Record<string, string> = {}, body = Buffer.from('{"n":1}')) {
  const broker = new FakeBroker().addTopic('%RETRY%g').addTopic('orders');
  broker.groups.add('g');
  const letter = broker.bury('g', 'OLD', { KEYS: 'K-1', TAGS: 'PAID', tenant: 't1', TRAN_MSG: 'true', ...properties });
  letter.storedBody = body;
  clusters += 1;
  const ctx = {
    cluster: `e${clusters}`,
    actor: actorOf('admin'),
    client: {
      ...broker.client,
      topology: { ...broker.client.topology, get: async () => ({ brokers: [{ name: 'broker-a' }] }) },
    },
    store,
    snapshot: () => SNAPSHOT,
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    now: Date.now,
    deadlineAt: Number.POSITIVE_INFINITY,
    requestId: 'r',
    job: { control: new JobControl(), exportsDir },
  } as unknown as Ctx;
  const id = `broker-a:${letter.physicalOffset}`;
  const plan = (edit: Partial<LetterEdit>, ids = [id]) =>
    REDRIVE_JOB.makePlan(ctx, {
      group: 'g',
      select: { ids },
      target: { kind: 'group' },
      rate: 20,
      edit: { keys: 'K-1', tag: 'PAID', properties: { tenant: 't1' }, ...edit },
    });
  const run = async (edit: Partial<LetterEdit>) => {
    const { plan: made, frozen } = await plan(edit);
    expect(made.refused).toBeNull();
    await REDRIVE_JOB.recheck?.(ctx, made, frozen);
    const mutation = redriveMutation(TIMES as never);
    const input = REDRIVE_JOB.toInput(made, frozen);
    const { operation } = await mutation.start(ctx, input, { reason: 'wrong amount', idempotencyKey: `e${clusters}` });
    return { plan: made, operation: await mutation.execute(ctx, operation) };
  };
  return { broker, ctx, letter, id, plan, run };
}

test('the copy has the edited body, key, tag and properties under an id of its own that names the old one', async () => {
  const { broker, letter, run } = scene({ RDX_OP: 'EARLIER' });
  const before = structuredClone({ ...letter, storedBody: letter.storedBody.toString() });
  const { plan, operation } = await run({
    body: '{"n":2}',
    keys: 'K-1 FIXED',
    tag: 'RETRY',
    properties: { tenant: 't2', note: '改' },
  });
  expect(plan).toMatchObject({
    confirm: null,
    bytes: 7,
    edit: { originUniqKey: 'OLD', changed: ['body', 'KEYS', 'TAGS', 'note', 'tenant'] },
  });
  expect(plan.warnings.map(({ key }) => key)).toContain('edited_is_new');
  const [send, ...others] = broker.sends();
  expect(others).toEqual([]);
  expect(send).toMatchObject({ topic: '%RETRY%g', sysFlag: 0 });
  expect(send?.body.toString()).toBe('{"n":2}');
  const uniqKey = plan.edit?.uniqKey ?? '';
  expect(parseMessageId(uniqKey).kind).toBe('unique');
  expect(send?.properties).toEqual({
    KEYS: 'K-1 FIXED',
    TAGS: 'RETRY',
    tenant: 't2',
    note: '改',
    RETRY_TOPIC: 'orders',
    UNIQ_KEY: uniqKey,
    RDX_ORIGIN_UNIQ_KEY: 'OLD',
    RDX_OP: operation.id,
    RDX_N: '0',
    RDX_K: '1',
    RDX_SRC: `broker-a:${letter.physicalOffset}`,
  });
  expect({ ...letter, storedBody: letter.storedBody.toString() }).toEqual(before);
  // By its own id it is looked for later.
  expect(await store.attempts.list(operation.id, 0)).toMatchObject([{ uniqKey }]);
  const items = await REDRIVE_JOB.items?.(store, operation, { only: 'all', limit: 5 });
  expect(items?.items[0]).toMatchObject({ label: 'OLD', evidence: { newUniqKey: uniqKey } });
});

test('a body that is not edited is sent as its stored bytes, compressed or no text at all', async () => {
  for (const [body, sysFlag] of [
    [deflateSync(Buffer.from('{"n":1}')), 1],
    [Buffer.from([0, 255, 1]), 0],
  ] as const) {
    const { broker, letter, run } = scene({}, body);
    letter.sysFlag = sysFlag;
    const { plan } = await run({ properties: {} });
    expect(plan.edit?.changed).toEqual(['tenant']);
    expect(broker.sends()[0]).toMatchObject({ sysFlag, body });
    expect(broker.sends()[0]?.properties).not.toHaveProperty('tenant');
  }
});

test('a second edit is refused and names the job of the first, also when it was planned before it', async () => {
  const { ctx, broker, plan, run } = scene();
  const early = await plan({ body: '{"n":3}' });
  const { operation } = await run({ body: '{"n":2}' });
  expect((await plan({ body: '{"n":4}' })).plan.refused).toEqual({
    key: 'already_edited',
    params: { job: operation.id },
  });
  await expect(REDRIVE_JOB.recheck?.(ctx, early.plan, early.frozen)).rejects.toMatchObject({
    code: 'PLAN_STALE',
    key: 'already_edited',
    params: { job: operation.id },
  });
  expect(broker.sends()).toHaveLength(1);
});

describe('after an edit that was cancelled before its outcome was known', () => {
  /** Its only send has no answer, and its broker was away until the job had ended. */
  async function cancelled(isStored: boolean) {
    const at = scene();
    const { broker, ctx } = at;
    broker.deeds = [{ kind: 'silence', isStored }];
    const early = await at.plan({ body: '{"n":3}' });
    broker.onSend = async () => {
      broker.isDown = true;
    };
    const { operation } = await at.run({ body: '{"n":2}' });
    const control = new JobControl();
    control.request('cancel', 'Ann');
    await redriveMutation(TIMES as never).resume({ ...ctx, job: { control, exportsDir } } as never, operation);
    expect(await store.items.get(operation.id, 0)).toMatchObject({
      state: 'NEEDS_DECISION',
      terminalReason: 'cancelled_unresolved',
    });
    broker.isDown = false;
    broker.onSend = async () => {};
    return { ...at, early, job: operation.id };
  }

  test('its copy is found by the id that it has: neither a second edit nor a redrive sends another', async () => {
    const { ctx, id, plan, early, job } = await cancelled(true);
    expect((await plan({ body: '{"n":4}' })).plan.refused).toEqual({ key: 'already_edited', params: { job } });
    await expect(REDRIVE_JOB.recheck?.(ctx, early.plan, early.frozen)).rejects.toMatchObject({ key: 'already_edited' });
    const input = { group: 'g', select: { ids: [id] }, rate: 20 };
    // Wherever the next one would go.
    for (const kind of ['group', 'origin'] as const) {
      const { plan: redrive } = await planRedrive(ctx, { ...input, target: { kind } });
      expect(redrive).toMatchObject({ count: 0, skipped: [{ id, reason: 'already_redriven', jobId: job }] });
    }
  });

  test('a copy that is not there is waited for, then proved absent; without proof an edit is refused', async () => {
    const { broker, ctx, plan, early, job } = await cancelled(false);
    const unsure = { key: 'edit_unsure', params: { job } };
    expect((await plan({ body: '{"n":4}' })).plan.refused).toEqual(unsure);
    await expect(REDRIVE_JOB.recheck?.(ctx, early.plan, early.frozen)).rejects.toMatchObject(unsure);
    ctx.now = () => Date.now() + 60_000;
    expect((await plan({ body: '{"n":4}' })).plan.refused).toBeNull();
    // The queue has lost its head.
    broker.put('%RETRY%g');
    broker.expiredBelow.set('%RETRY%g 0', 1);
    expect((await plan({ body: '{"n":4}' })).plan.refused).toEqual(unsure);
  });
});

test('an older letter of a message is refused: the newer one is edited', async () => {
  const { broker, plan } = scene();
  broker.bury('g', 'OLD');
  expect((await plan({ body: '{"n":2}' })).plan.refused).toEqual({ key: 'edit_older', params: {} });
});

describe('refused', () => {
  test.each<[string, Partial<LetterEdit>, string]>([
    ['nothing changed', { body: '{"n":1}' }, 'edit_nothing'],
    ['an empty body', { body: '' }, 'edit_empty'],
    ['a name of RocketMQ', { properties: { DELAY: '3' } }, 'edit_reserved'],
    ['a mark of Redrive', { properties: { RDX_OP: 'x' } }, 'edit_reserved'],
    ['a separator in a value', { properties: { tenant: 'a\u0002b' } }, 'edit_characters'],
    ['a separator in a name', { properties: { 'a\u0001b': 'x' } }, 'edit_characters'],
    ['a name of blanks', { properties: { ' ': 'x' } }, 'edit_characters'],
    ['a line feed in the keys', { keys: 'a\nb' }, 'edit_characters'],
    ['two tags', { tag: 'A || B' }, 'edit_characters'],
    ['half a character', { body: '\ud800' }, 'edit_characters'],
    ['too much of it', { properties: { tenant: 'x'.repeat(32_600) } }, 'edit_properties_too_large'],
  ])('%s', async (_, edit, key) => {
    expect((await scene().plan(edit)).plan.refused?.key).toBe(key);
  });

  test('text for a body that is none', async () => {
    const { plan } = scene({}, Buffer.from([0, 255, 254]));
    expect((await plan({ body: 'text' })).plan.refused?.key).toBe('edit_binary');
  });

  test('more than one letter', async () => {
    const { broker, id, plan } = scene();
    const other = `broker-a:${broker.bury('g', 'OTHER').physicalOffset}`;
    await expect(plan({ keys: 'x' }, [id, other])).rejects.toMatchObject({ code: 'INVALID', key: 'edit_one_letter' });
  });
});

test('a new id is never taken for an offset id', () => {
  for (let n = 0; n < 1000; n += 1) expect(parseMessageId(newUniqKey())).toMatchObject({ kind: 'unique' });
});
