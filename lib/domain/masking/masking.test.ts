import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lettersQuery } from '@/lib/contract/dead-letters';
import { letterSearchQuery } from '@/lib/contract/letter-search';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Actor, Ctx } from '../ctx';
import { listFailures } from '../dead-letters/list-failures';
import { listLetters } from '../dead-letters/list-messages';
import { ledgerSummaries } from '../dead-letters/summaries';
import { readWholeLedger } from '../dead-letters/whole-ledger.fixture';
import { letterRows } from '../letter-search/rows';
import { openSearch } from '../letter-search/search';
import { getMessageBody } from '../messages/body';
import { FakeCluster } from '../messages/fake-cluster.fixture';
import { getMessage } from '../messages/get';
import { hidesProperty } from './apply';
import { maskCause } from './failure';
import {
  areLettersUnderRule,
  EVERYTHING,
  type Mask,
  maskOf,
  maskOfAny,
  maskOfLetters,
  maskOfRecord,
  shownByCopies,
} from './mask';
import { maskJson } from './mask-json';
import { type MaskRule, readHidden } from './rule';
import { maskRun } from './run';

const SECRET = 'canary-4711';
const RULE: MaskRule = {
  name: 'personal-data',
  clusters: ['*'],
  topics: ['orders*'],
  hide: ['keys', 'body.customer.email', 'body.cards[*].number', 'properties.EMAIL', 'properties.error*', 'remarks'],
};
const BODY = `{"id":12345678901234567890,"customer":{"email":"${SECRET}","name":"Ann"},"cards":[{"number":"${SECRET}"}]}`;

const EVERYWHERE = { clusters: ['*'], groups: ['*'], topics: ['*'] };

let store: Store;
let cluster: FakeCluster;
beforeEach(async () => {
  store = await openStore({ dir: freshDir() });
  cluster = new FakeCluster({ a: '10.0.0.1:10911' });
  cluster.groups.add('g');
  die('orders-eu', BODY);
  die('stock', BODY);
});
afterEach(() => store.close());

function die(topic: string, body: string | Buffer, sysFlag = 0) {
  cluster.store('a', {
    topic: '%DLQ%g',
    storedAt: 1000 + cluster.calls.length,
    storedBody: Buffer.from(body),
    sysFlag,
    properties: {
      UNIQ_KEY: `AC11000100000000000000000000000${topic.length}`.slice(-32),
      KEYS: SECRET,
      RETRY_TOPIC: topic,
      EMAIL: SECRET,
      REGION: 'eu',
      errorMessage: SECRET,
    },
  });
}
const as = (actor: Actor, rules: readonly MaskRule[] = [RULE]): Ctx => ({
  ...cluster.ctx(store),
  actor,
  maskRules: rules,
});
const letters = (ctx: Ctx, over: object = {}) => listLetters(ctx, lettersQuery.parse({ group: 'g', ...over }));
const search = (ctx: Ctx, query: object) =>
  openSearch(ctx, letterSearchQuery.parse({ group: 'g', in: 'body', text: SECRET, ...query }));
async function hits(ctx: Ctx, query: object): Promise<number> {
  let found = 0;
  const within = { signal: new AbortController().signal, deadlineAt: Number.POSITIVE_INFINITY };
  for await (const event of (await search(ctx, query))(within)) found = event.found;
  return found;
}

describe('who reads messages, under a rule', () => {
  const operator = actorOf('operator');

  test('C34 sees letters of its topics masked in the list, by id, and as failures; others whole', async () => {
    const ctx = as(operator);
    const { items } = await letters(ctx);
    const bySource = Object.fromEntries(items.map((item) => [item.originTopic, item]));
    expect(bySource['orders-eu']).toMatchObject({
      keys: [],
      cause: null,
      masked: { by: ['personal-data'], parts: ['keys', 'cause'] },
    });
    expect(bySource.stock).toMatchObject({ keys: [SECRET], cause: { text: SECRET }, masked: null });
    const rows = await letterRows(ctx, { group: 'g', ids: items.map(({ id }) => id) });
    expect(rows.items).toEqual(items);
    // Both have the same cause; one of them hides it.
    expect((await listFailures(ctx, { group: 'g' })).items).toMatchObject([
      { property: 'errorMessage', text: null, isMasked: true, count: 2 },
    ]);
  });

  test('C34 sees a message of its topics with marks in the places of the rule, and gets no bytes of its body', async () => {
    const ctx = as(operator);
    const { items } = await letters(ctx);
    const id = items.find(({ originTopic }) => originTopic === 'orders-eu')?.id ?? '';
    const detail = await getMessage(ctx, { id });
    expect(JSON.stringify(detail)).not.toContain(SECRET);
    expect(detail.body.text).toBe(
      '{"id":12345678901234567890,"customer":{"email":"•••","name":"Ann"},"cards":[{"number":"•••"}]}',
    );
    expect(detail.properties).toMatchObject({ KEYS: '•••', EMAIL: '•••', errorMessage: '•••', REGION: 'eu' });
    expect(detail.masked?.parts).toEqual([
      ...['keys', 'body.customer.email', 'body.cards[*].number'],
      ...['properties.KEYS', 'properties.EMAIL', 'properties.errorMessage'],
    ]);
    await expect(getMessageBody(ctx, { id, as: 'inflated' })).rejects.toMatchObject({ key: 'body_masked' });
  });

  test('C34 finds nothing by what is hidden: keys, paths, properties, or text of a body', async () => {
    const ctx = as(operator);
    await readWholeLedger({ ctx });
    await expect(letters(ctx, { q: 'canary' })).rejects.toMatchObject({ key: 'search_masked' });
    await expect(letters(ctx, { q: 'AC110001'.padEnd(32, '0') })).resolves.toMatchObject({ matching: 0 });
    for (const path of ['customer.email', 'customer', 'cards[0].number', 'customer.email.x'])
      await expect(search(ctx, { in: 'path', name: path })).rejects.toMatchObject({ key: 'search_masked' });
    await expect(search(ctx, { in: 'property', name: 'EMAIL' })).rejects.toMatchObject({ key: 'search_masked' });
    // In the other topic's letter it stands openly.
    expect(await hits(ctx, { in: 'body' })).toBe(1);
    expect(await hits(ctx, { in: 'path', name: 'customer.name', text: 'Ann' })).toBe(2);
  });

  test('a body that is no JSON, or cannot be read, is hidden whole where a path of it is', async () => {
    die('orders-text', `email=${SECRET}`);
    die('orders-zip', deflateSync(Buffer.from(BODY)), 1);
    const ctx = as(operator);
    const { items } = await letters(ctx);
    const of = (topic: string) => items.find(({ originTopic }) => originTopic === topic)?.id ?? '';
    expect(await getMessage(ctx, { id: of('orders-text') })).toMatchObject({ body: { kind: 'masked', text: '' } });
    const inflated = await getMessage(ctx, { id: of('orders-zip') });
    expect(inflated.body.text).toContain('"email":"•••"');
  });

  test('who may read what rules hide sees everything', async () => {
    const ctx = as(actorOf('admin'));
    const { items } = await letters(ctx, { q: 'canary' });
    expect(items.map(({ keys, masked }) => [keys, masked])).toEqual([
      [[SECRET], null],
      [[SECRET], null],
    ]);
  });
});

describe('who may not read messages', () => {
  test('C34 sees letters, failures and details without anything they say', async () => {
    const ctx = as(actorOf('viewer'), []);
    const { items } = await letters(ctx);
    const failures = await listFailures(ctx, { group: 'g' });
    const detail = await getMessage(ctx, { id: items[0]?.id ?? '' });
    for (const reply of [items, failures, detail]) expect(JSON.stringify(reply)).not.toContain(SECRET);
    expect(items[0]).toMatchObject({ keys: [], cause: null, masked: { by: [], parts: ['keys', 'cause'] } });
    expect(detail).toMatchObject({
      body: { kind: 'masked', text: '', storedBytes: BODY.length },
      properties: { REGION: '•••' },
    });
    await expect(search(ctx, {})).rejects.toMatchObject({ key: 'not_permitted' });
    await expect(letters(ctx, { q: 'canary' })).rejects.toMatchObject({ key: 'not_permitted' });
  });

  test('C34 is told in the list of groups that a cause is hidden, not that there is none', async () => {
    const ctx = as(actorOf('viewer'), []);
    await readWholeLedger({ ctx });
    const cause = (await ledgerSummaries(ctx, 2)).get('g')?.cause;
    if (!cause) throw new Error('no cause');
    expect(cause.text).toBe(SECRET);
    const mask = (actor: Actor) => maskOfAny(as(actor), { group: 'g' }, ['orders-eu']);
    expect(maskCause(mask(ctx.actor), cause)).toMatchObject({ text: null, isMasked: true });
    expect(maskCause(mask(actorOf('operator')), cause)).toMatchObject({ text: null, isMasked: true });
    expect(maskCause(mask(actorOf('admin')), cause)).toMatchObject({ text: SECRET, isMasked: false });
  });
});

test('what a client said, and keys of siblings, are hidden with a run', () => {
  const siblings = {
    basis: 'remark' as const,
    shared: SECRET,
    among: 2,
    count: 1,
    letters: [{ id: 'a:1', name: SECRET }],
  };
  const run = { remark: SECRET, siblings } as never;
  const mask = maskOfAny(as(actorOf('operator')), { group: 'g' }, ['orders-eu']);
  expect(JSON.stringify(maskRun(mask, run))).not.toContain(SECRET);
  expect(maskRun(null, run)).toBe(run);
});

test('JSON keeps its numbers as they were written; what could be taken for a mark of ours is not masked in parts', () => {
  const path = [['a']];
  expect(maskJson('{"a":1,"b":[1.10,1E5,-0,12345678901234567890]}', path)).toBe(
    '{"a":"•••","b":[1.10,1E5,-0,12345678901234567890]}',
  );
  expect(maskJson('{"a":{"deep":1},"a":2}', path)).toBe('{"a":"•••"}');
  expect(maskJson('{"a":1', path)).toBeNull();
  expect(maskJson('{"b":"\ue0f11"}', path)).toBeNull();
  expect(maskJson('{"b":"\\uE0F11"}', path)).toBeNull();
});

test('text that a path leads through is hidden as a whole, and so is a body that cannot be written again', () => {
  const path = [['pay', 'card']];
  expect(maskJson(JSON.stringify({ pay: JSON.stringify({ card: SECRET }), n: 1 }), path)).toBe('{"pay":"•••","n":1}');
  expect(maskJson(JSON.stringify(JSON.stringify({ pay: { card: SECRET } })), path)).toBe('"•••"');
  expect(maskJson('{"pay":4711}', path)).toBe('{"pay":4711}');
  const deep = 40_000;
  expect(maskJson(`{"deep":${'['.repeat(deep)}${']'.repeat(deep)},"pay":{"card":1}}`, path)).toBeNull();
  expect(maskJson('{"pay":[1]}', [['pay', 'length']])).toBeNull();
});

test('a buyer is hidden by his property, keys under their own name; what cannot be hidden names no part', () => {
  expect(hidesProperty(maskOf([{ ...RULE, hide: ['properties.BUYER*'] }]) as Mask, 'BUYER_ID')).toBe(true);
  expect(hidesProperty(EVERYTHING, 'BUYER_ID')).toBe(true);
  expect(readHidden('properties.KEYS')).toEqual({ part: 'keys' });
  expect(readHidden('properties.__SHARDINGKEY')).toEqual({ part: 'keys' });
  expect(readHidden('properties.TAGS')).toBeNull();
});

test('C34 nobody lifts a rule by what a message says of where it came from', () => {
  const ctx = as(actorOf('operator'));
  const mask = (topic: string, properties: Record<string, string>) => maskOfRecord(ctx, { topic, properties })?.by;
  expect(mask('orders-eu', { RETRY_TOPIC: 'stock' })).toEqual([RULE.name]);
  expect(mask('orders-eu', { DLQ_ORIGIN_TOPIC: 'stock' })).toEqual([RULE.name]);
  expect(mask('stock', { RETRY_TOPIC: 'orders-eu' })).toEqual([RULE.name]);
  expect(mask('stock', {})).toBeUndefined();
});

test('C34 of a group whose topics nobody knows everything is hidden that any rule hides', async () => {
  expect((await maskOfLetters(as(actorOf('operator')), 'never-read'))?.by).toEqual([RULE.name]);
  expect(await maskOfLetters(as(actorOf('admin')), 'never-read')).toBeNull();
});

test('C34 copies may go where as much is hidden as in the letters, and nowhere else', () => {
  const elsewhere: MaskRule = {
    ...RULE,
    name: 'too',
    topics: ['archive'],
    hide: ['keys', 'body', 'properties.*', 'remarks'],
  };
  const ctx = as(actorOf('operator'), [RULE, elsewhere]);
  const shown = (of: Ctx, topic: string, origins: (string | null)[] = ['orders-eu']) =>
    shownByCopies(of, { group: 'g', origins, topic })?.by;
  expect(shown(ctx, 'stock')).toEqual([RULE.name]);
  expect(shown(ctx, 'stock', ['stock', null])).toEqual([RULE.name, elsewhere.name]);
  expect(shown(ctx, 'stock', ['stock'])).toBeUndefined();
  expect(shown(ctx, 'orders-us')).toBeUndefined();
  expect(shown(ctx, 'archive')).toBeUndefined();
  expect(shown(as(actorOf('admin')), 'stock')).toBeUndefined();
  const grants = [{ ...EVERYWHERE, allow: ['message:body:read' as const], groups: [] }];
  expect(shown(as(actorOf('viewer', { grants })), 'stock')).toEqual([]);
});

test('C34 whether a search over bodies goes into the trail depends on the topics that letters came from', async () => {
  const under = (topics: string[]) => areLettersUnderRule(as(actorOf('admin'), [{ ...RULE, topics }]), 'g');
  await letters(as(actorOf('admin')));
  expect(await under(['orders*'])).toBe(true);
  expect(await under(['payments'])).toBe(false);
  expect(await areLettersUnderRule(as(actorOf('admin'), []), 'g')).toBe(false);
});
