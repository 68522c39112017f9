import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RedrivePlanInput } from '@/lib/contract/plans';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Actor } from '../ctx';
import { planEdit } from '../edit/plan';
import type { MaskRule } from '../masking/rule';
import { planRedrive } from './plan';
import { recheckRedrive } from './recheck';
import { all, redriveOf, type Scene, sceneOf } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const TO_REPAIR = { target: { kind: 'topic' as const, topic: 'repair' } };
function scene(letters = 3, readers: string[] = ['fixer', 'audit']): Scene {
  const at = sceneOf(store, letters);
  at.broker.addTopic('repair', 2).subscribers.set('repair', readers);
  return at;
}
const plan = async ({ ctx }: Scene, more: Partial<RedrivePlanInput> = {}) =>
  planRedrive(ctx, { ...all, ...TO_REPAIR, ...more });
const keysOf = (warnings: readonly { key: string }[]) => warnings.map(({ key }) => key);

test('who reads the topic is named, the group is typed, and nothing can be judged for a group that does not', async () => {
  const { plan: made } = await plan(scene());
  expect(made).toMatchObject({
    target: 'topic',
    judged: false,
    confirm: 'g',
    count: 3,
    destinations: [{ topic: 'repair', count: 3 }],
    refused: null,
  });
  expect(made.receivers.map(({ group }) => group)).toEqual(['audit', 'fixer']);
  expect(keysOf(made.warnings)).toEqual(['topic_reaches', 'not_judged', 'same_id']);
  expect(keysOf((await plan(scene(3, []))).plan.warnings)).toContain('topic_nobody');

  const own = (await plan(scene(1, ['g']))).plan;
  expect(own.judged).toBe(true);
  expect(keysOf(own.warnings)).toEqual(['no_members', 'consumed_again']);
});

test('refused: what RocketMQ keeps for itself, a topic nobody has or may write to, a canary nobody can judge', async () => {
  const refusal = async (
    topic: string,
    more: Partial<RedrivePlanInput> = {},
    change: (at: Scene) => void = () => {},
  ) => {
    const at = scene(1);
    change(at);
    return (await plan(at, { target: { kind: 'topic', topic }, ...more })).plan.refused?.key;
  };
  for (const topic of ['%RETRY%g', '%RETRY%other', '%DLQ%g', 'SCHEDULE_TOPIC_XXXX', 'TBW102', 'rmq_sys_X'])
    expect(await refusal(topic, {}, (at) => at.broker.addTopic(topic)), topic).toBe('topic_internal');
  expect(await refusal('nowhere')).toBe('target_gone');
  expect(await refusal('repair', {}, (at) => at.broker.addTopic('repair', 2, 4))).toBe('target_gone');
  expect(await refusal('repair', { canary: { waitMs: 10_000 } })).toBe('canary_unjudged');
  expect(
    await refusal('repair', { canary: { waitMs: 10_000 } }, (at) => at.broker.subscribers.set('repair', ['g'])),
  ).toBeUndefined();
});

test('a client that consumes in order is no reason against another topic', async () => {
  const at = scene(1);
  at.broker.clients.push({ clientId: 'c', isOrderly: true });
  expect((await plan(at)).plan.refused).toBeNull();
});

test.each([
  ['FIFO', 'topic_fifo'],
  ['DELAY', 'topic_delay'],
  ['TRANSACTION', 'topic_transaction'],
  ['NORMAL', undefined],
])('a topic for %s messages says what becomes of ordinary copies', async (type, key) => {
  const at = scene(2);
  at.broker.bury('g', 'SHARDED', { __SHARDINGKEY: 'order-7' });
  at.broker.attributes.set('repair', { 'message.type': type });
  const { warnings } = (await plan(at)).plan;
  const typed = warnings.filter((warning) => /^topic_(fifo|delay|transaction)$/.test(warning.key));
  expect(typed.map((warning) => warning.key)).toEqual(key === undefined ? [] : [key]);
  if (key === 'topic_fifo') expect(typed[0]?.params).toEqual({ topic: 'repair', count: 2 });
});

test('stale when another group would receive the copies, or one no longer does', async () => {
  const at = scene();
  const { plan: made, frozen } = await plan(at);
  await recheckRedrive(at.ctx, made, frozen);
  at.broker.subscribers.set('repair', ['fixer', 'audit', 'new']);
  await expect(recheckRedrive(at.ctx, made, frozen)).rejects.toMatchObject({
    code: 'PLAN_STALE',
    key: 'receivers_changed',
    params: { added: 'new' },
  });
  at.broker.subscribers.set('repair', ['audit']);
  await expect(recheckRedrive(at.ctx, made, frozen)).rejects.toMatchObject({
    key: 'receivers_gone',
    params: { gone: 'fixer' },
  });
});

test('the copies go there with the properties of a business topic; nothing is asked about their fate', async () => {
  const at = scene(3);
  at.broker.bury('g', 'OF-POP', { RETRY_TOPIC: '%RETRY%g_orders', ORIGIN_MESSAGE_ID: 'FIRST', DELAY: '3' });
  const job = await redriveOf(at, TO_REPAIR);
  expect((await job.run()).state).toBe('DONE');
  expect(await job.counts()).toEqual({ CONFIRMED: 4 });
  expect(await job.stored()).toMatchObject({ targetMode: 'topic', targetTopic: 'repair' });
  const sends = at.broker.sends();
  expect(sends.map(({ topic, producerGroup }) => `${topic} ${producerGroup}`)).toEqual(Array(4).fill('repair REDRIVE'));
  const copy = sends.find(({ properties }) => properties.UNIQ_KEY === 'OF-POP')?.properties ?? {};
  expect(copy).toMatchObject({ RDX_OP: job.operation.id, RDX_ORIGIN: 'FIRST' });
  for (const name of ['RETRY_TOPIC', 'ORIGIN_MESSAGE_ID', 'ORIGIN_GROUP', 'DELAY'])
    expect(copy).not.toHaveProperty(name);
  expect(at.broker.log.some(({ request }) => request === 'QUERY_CONSUMER_OFFSET')).toBe(false);

  const again = await plan(at);
  expect(again.plan).toMatchObject({ count: 0, refused: { key: 'nothing_to_send' } });
});

test('where the group reads the topic itself, what it makes of the copies is judged', async () => {
  const at = scene(2, ['g', 'audit']);
  const arrived: StoredMessage[] = [];
  at.broker.onStored = (message) => arrived.push(message);
  const job = await redriveOf(at, TO_REPAIR);
  at.broker.onSend = async () => {
    for (const message of arrived.splice(0)) at.broker.consume(message);
  };
  at.broker.onStored = (message) => at.broker.consume(message);
  expect((await job.run()).state).toBe('DONE');
  expect(await job.counts()).toEqual({ CONSUMED: 2 });
});

test('a letter whose original topic nobody recorded can go to a named topic, and only there', async () => {
  const at = scene(0);
  at.broker.addTopic('%DLQ%g').put('%DLQ%g', { reconsumeTimes: 17, properties: { UNIQ_KEY: 'LOST' } });
  const toGroup = await planRedrive(at.ctx, { ...all, target: { kind: 'group' } });
  expect(toGroup.plan.skipped).toMatchObject([{ reason: 'no_origin_topic' }]);
  const job = await redriveOf(at, TO_REPAIR);
  expect((await job.run()).state).toBe('DONE');
  expect(at.broker.sends()[0]).toMatchObject({ topic: 'repair', properties: { UNIQ_KEY: 'LOST' } });
});

test('an edited copy can go to another topic, and says that it is new', async () => {
  const at = scene(1);
  Object.assign(at.broker.client.topology, { get: async () => ({ brokers: [{ name: 'broker-a' }] }) });
  const [letter] = at.broker.queue('%DLQ%g', 0);
  const select = { ids: [`broker-a:${letter?.physicalOffset}`] };
  const edit = { body: '{"fixed":true}', keys: '', tag: '', properties: {} };
  const { plan: made, frozen } = await planEdit(at.ctx, { group: 'g', select, ...TO_REPAIR, edit });
  expect(made).toMatchObject({ target: 'topic', refused: null, edit: { originUniqKey: 'KEY0' } });
  expect(keysOf(made.warnings)).toEqual(['topic_reaches', 'not_judged', 'edited_is_new']);
  expect(frozen.letters[0]).toMatchObject({ destination: 'topic', to: { topic: 'repair' } });
});

const RULE: MaskRule = { name: 'people', clusters: ['*'], topics: ['orders'], hide: ['keys', 'body'] };
const under = (at: Scene, actor: Actor): Scene => ({ ...at, ctx: { ...at.ctx, actor, maskRules: [RULE] } });

test('C34 who is under a rule gets no copies where it does not hold, and no keys in the plan', async () => {
  await expect(plan(under(scene(1), actorOf('operator')))).rejects.toMatchObject({
    code: 'FORBIDDEN',
    key: 'copies_masked',
    params: { rules: 'people' },
  });
  const keys = async (actor: Actor) => {
    const at = scene(0);
    at.broker.bury('g', 'KEY', { KEYS: 'order-1' });
    return (await plan(under(at, actor), { target: { kind: 'group' } })).plan.sample.map((letter) => letter.keys);
  };
  expect(await keys(actorOf('admin'))).toEqual([['order-1']]);
  expect(await keys(actorOf('operator'))).toEqual([[]]);
  expect((await plan(under(scene(1), actorOf('admin')))).plan.count).toBe(1);
});

test('a topic that somebody may not know of is told as one that is not there', async () => {
  const grants = [
    { allow: ['metadata:read' as const, 'dead-letter:redrive' as const], clusters: ['*'], groups: ['g'], topics: [] },
  ];
  const asked = async (topic: string) => {
    const { ctx, ...at } = scene(1);
    const { plan: made } = await plan({ ...at, ctx: { ...ctx, actor: actorOf('viewer', { grants }) } } as Scene, {
      target: { kind: 'topic', topic },
    });
    return { refused: made.refused, receivers: made.receivers, warnings: keysOf(made.warnings) };
  };
  const nowhere = await asked('nowhere');
  expect(nowhere.refused).toEqual({ key: 'target_gone', params: { topic: 'nowhere' } });
  expect(await asked('repair')).toEqual({ ...nowhere, refused: { key: 'target_gone', params: { topic: 'repair' } } });
});
