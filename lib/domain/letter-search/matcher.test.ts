import { deflateSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { MOST_SEARCHED } from '@/lib/contract/search-limits';
import { matcherOf } from './matcher';

type Question = Parameters<typeof matcherOf>[0];
const ask = (question: Partial<Question>, body: string | Buffer, properties = {}, sysFlag = 0) =>
  matcherOf({ in: 'body', name: '', is: 'contains', text: '', matchCase: 'false', ...question })({
    storedBody: Buffer.from(body),
    properties,
    sysFlag,
  });

it('a body is searched with or without regard to case, compressed or not, and shows where it matched', () => {
  const body = `{"note":"${'x'.repeat(100)}Gift Wrap\n  in red${'y'.repeat(100)}"}`;
  const match = { before: `…${'x'.repeat(24)}`, text: 'Gift Wrap', after: ` in red${'y'.repeat(71)}…` };
  expect(ask({ text: 'gift wrap' }, body)).toEqual(match);
  expect(ask({ text: 'gift wrap', matchCase: 'true' }, body)).toBe('none');
  expect(ask({ text: 'Gift Wrap', matchCase: 'true' }, body)).toEqual(match);
  expect(ask({ text: 'gift wrap' }, deflateSync(body), {}, 0x301)).toEqual(match);
  expect(ask({ text: '红色' }, '包装：红色')).toMatchObject({ before: '包装：', text: '红色' });
  expect(ask({ text: 'ÄPFEL' }, 'zwei äpfel')).toMatchObject({ text: 'äpfel' });
  expect(ask({ text: 'in there' }, Buffer.concat([Buffer.from([0xff, 0, 8]), Buffer.from('in there')]))).toMatchObject({
    text: 'in there',
  });
  expect(ask({ text: '(a+)+$' }, `${'a'.repeat(10_000)}!`)).toBe('none');
});

it('what cannot be looked into says why', () => {
  expect(ask({ text: 'a' }, Buffer.alloc(MOST_SEARCHED.bytes + 1, 'a'))).toBe('large');
  expect(ask({ text: 'a' }, deflateSync(Buffer.alloc(MOST_SEARCHED.bytes + 1, 'a')), {}, 0x301)).toBe('large');
  expect(ask({ text: 'a' }, 'not zlib: a', {}, 0x301)).toBe('unreadable');
  expect(ask({ in: 'path', name: 'a', text: '1' }, '<a>1</a>')).toBe('notJson');
  expect(ask({ in: 'path', name: 'a', text: '1' }, '')).toBe('notJson');
});

it('a body is looked into up to the limits that people are told, and not beyond', () => {
  const ofBytes = (bytes: number) => Buffer.alloc(bytes, 'a');
  for (const [body, sysFlag] of [
    [ofBytes(MOST_SEARCHED.bytes), 0],
    [deflateSync(ofBytes(MOST_SEARCHED.bytes)), 0x301],
  ] as const)
    expect(ask({ text: 'a' }, body, {}, sysFlag)).toMatchObject({ text: 'a' });
  // One bracket, and a comma behind every number but the last.
  const ofParts = (parts: number) => `[${Array(parts).fill(7).join()}]`;
  const by = (parts: number, question: Partial<Question>) => ask({ text: '7', ...question }, ofParts(parts));
  expect(by(MOST_SEARCHED.parts, { in: 'path', name: '[0]' })).toMatchObject({ text: '7' });
  expect(by(MOST_SEARCHED.parts + 1, { in: 'path', name: '[0]' })).toBe('large');
  expect(by(MOST_SEARCHED.parts + 1, { in: 'body' })).toMatchObject({ text: '7' });
});

it('a property is there, contains or equals; its body does not matter', () => {
  const property = (question: Partial<Question>) =>
    ask({ in: 'property', name: 'region', ...question }, 'not zlib', { region: 'eu-West-1' }, 0x301);
  expect(property({})).toMatchObject({ text: 'eu-West-1' });
  expect(property({ text: 'west' })).toEqual({ before: 'eu-', text: 'West', after: '-1' });
  expect(property({ text: 'west', is: 'equals' })).toBe('none');
  expect(property({ text: 'EU-west-1', is: 'equals' })).toMatchObject({ text: 'eu-West-1' });
  expect(property({ text: 'EU-west-1', is: 'equals', matchCase: 'true' })).toBe('none');
  const keys = { KEYS: 'ORD-17 CUST-4' };
  expect(ask({ in: 'property', name: 'KEYS', text: 'CUST-4' }, '', keys)).toMatchObject({ before: 'ORD-17 ' });
  expect(property({ name: 'Region' })).toBe('none');
  expect(property({ name: 'constructor' })).toBe('none');
});

it('a value at a JSON path is there, contains or equals; of a list one is enough', () => {
  const body =
    '{"id":1234567890123456789,"sum":12.50,"tags":["new","VIP"],"lines":[{"sku":"A-1"},{"sku":"B-1"}],"no":null}';
  const path = (name: string, text = '', is: Question['is'] = 'equals') => ask({ in: 'path', name, text, is }, body);
  expect(path('lines[*].sku', 'b-1')).toMatchObject({ text: 'B-1' });
  expect(path('lines[*].sku', '-1', 'contains')).toEqual({ before: 'A', text: '-1', after: '' });
  expect(path('lines[0].sku', 'B-1')).toBe('none');
  expect(path('tags', 'vip')).toMatchObject({ text: 'VIP' });
  expect(path('id', '1234567890123456789')).toMatchObject({ text: '1234567890123456789' });
  expect(path('id', '1234567890123456788')).toBe('none');
  expect(path('sum', '12.5')).toMatchObject({ text: '12.5' });
  expect(path('no', 'null')).toMatchObject({ text: 'null' });
  expect(path('lines[1]')).toMatchObject({ text: '{"sku":"B-1"}' });
  expect(path('lines', 'sku', 'contains')).toBe('none');
  expect(path('nothing')).toBe('none');
});

const filled = (part: string, end = '') =>
  `[${part.repeat(Math.floor((MOST_SEARCHED.bytes - 40) / part.length))}${end}`;

it.each<[string, string]>([
  ['numbers', filled('1,', '1234567890123456]')],
  ['objects', filled('{},', '1234567890123456]')],
  ['texts', filled('"",', '1234567890123456]')],
  ['long numbers', filled('1234567890123456,', '1]')],
  ['escapes', filled('\\"', '",1234567890123456]')],
  ['brackets', filled('[')],
  ['one letter', 'a'.repeat(MOST_SEARCHED.bytes)],
])('C39 no question and no body keeps everybody waiting: %s', (_, body) => {
  for (const question of [
    { text: `${'a'.repeat(999)}b` },
    { text: '(a+)+$' },
    { in: 'path' as const, name: '[*]', text: 'x' },
    { in: 'path' as const, name: '[*]'.repeat(80), text: 'x' },
    { in: 'path' as const, name: `$${'["a"]'.repeat(40)}`, text: 'x', is: 'equals' as const },
  ])
    expect(
      busyMs(() => ask(question, body)),
      JSON.stringify(question),
    ).toBeLessThan(50);
});

/** What it takes of a processor, of some times the least: a machine that is busy is no fault of the question. */
function busyMs(act: () => unknown): number {
  const times = Array.from({ length: 5 }, () => {
    const from = process.cpuUsage();
    act();
    const { user, system } = process.cpuUsage(from);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}
