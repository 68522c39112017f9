import { expect, it } from 'vitest';
import { parseJson, parsePath, valuesAt } from './json-path';

const at = (path: string, body: string) => valuesAt(parseJson(body), parsePath(path));
const ORDER = '{"order":{"items":[{"sku":"A"},{"sku":"B"},7],"a.b":1,"with \\"quotes\\"":2},"":3}';

it('a path leads to names, places in a list and every element', () => {
  expect(at('order.items[1].sku', ORDER)).toEqual(['B']);
  expect(at('$.order.items[*].sku', ORDER)).toEqual(['A', 'B']);
  expect(at('order["a.b"]', ORDER)).toEqual([1]);
  expect(at("$['order']['with \"quotes\"']", ORDER)).toEqual([2]);
  expect(at('[""]', ORDER)).toEqual([3]);
  expect(at('order[*][2]', ORDER)).toEqual([7]);
  expect(at('[0].a', '[{"a":1}]')).toEqual([1]);
});

it('a path to nothing leads to nothing', () => {
  for (const path of [
    'order.none',
    'order.items[9]',
    'order[0]',
    'order.items.sku',
    'order.items.length',
    'constructor',
  ])
    expect(at(path, ORDER), path).toEqual([]);
  expect(at('__proto__.a', '{"__proto__":{"a":1}}')).toEqual([1]);
});

it.each(['', '.a', 'a..b', 'a.', 'a[', 'a[-1]', 'a[0]b', 'a[?(@.b)]', '$..a', 'a["b', 'a[0:2]'])(
  '%s is no path',
  (path) => {
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'INVALID', key: 'bad_json_path' }));
  },
);

it('long integers keep their digits, and texts that look like them stay texts', () => {
  expect(parseJson('{"id":1234567890123456789,"n":-12345678901234567890,"s":"is 1234567890123456789 \\" 1"}')).toEqual({
    id: '1234567890123456789',
    n: '-12345678901234567890',
    s: 'is 1234567890123456789 " 1',
  });
  expect(parseJson('[1234567890123456.5,1e20,0.1234567890123456]')).toEqual([
    1234567890123456.5, 1e20, 0.1234567890123456,
  ]);
});

it('a hostile body takes one pass', () => {
  const startedAt = performance.now();
  for (const body of [
    `"${'\\"'.repeat(500_000)}`,
    `${'1'.repeat(1_000_000)}.x`,
    `1234567890123456${'"'.repeat(999_999)}`,
  ])
    expect(() => parseJson(body)).toThrow(SyntaxError);
  expect(performance.now() - startedAt).toBeLessThan(1000);
});
