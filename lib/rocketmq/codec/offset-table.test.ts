import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readOffsetTable } from './offset-table';

const tableOf = (entries: Record<string, Record<string, number | bigint>>): Buffer =>
  Buffer.from(
    `{"dataVersion":{"counter":1},"groupTopicMap":{"g":["T"]},"offsetTable":{${Object.entries(entries)
      .map(([key, queues]) => `"${key}":{${Object.entries(queues).map(([id, offset]) => `${id}:${offset}`)}}`)
      .join(',')}}}`,
  );
/** The same table with spaces, which leaves the short way. */
const spaced = (body: Buffer): Buffer => Buffer.from(body.toString().replaceAll(':{', ' : { '));
const entries = fc.dictionary(
  fc.stringMatching(/^(%RETRY%)?[A-Za-z_é-]{1,6}@[A-Za-z-]{1,6}(@broadcast)?$/),
  fc.dictionary(fc.nat(20).map(String), fc.integer({ min: -9, max: 2 ** 40 })),
);

describe('the table of 43', () => {
  test('is read the short way and by the parser alike', () => {
    fc.assert(
      fc.property(entries, (table) => {
        const body = tableOf(table);
        expect(readOffsetTable(body).entries).toEqual(readOffsetTable(spaced(body)).entries);
      }),
    );
  });

  test('holds what it would hold without a table before, whatever that was', () => {
    fc.assert(
      fc.property(entries, entries, (before, after) => {
        const now = { ...after, ...Object.fromEntries(Object.entries(before).slice(0, 3)) };
        const read = readOffsetTable(tableOf(now), readOffsetTable(tableOf(before)));
        expect(read.entries).toEqual(readOffsetTable(tableOf(now)).entries);
        expect(readOffsetTable(tableOf(before), read).entries).toEqual(readOffsetTable(tableOf(before)).entries);
      }),
    );
  });

  test('takes entries that have not changed from the table before', () => {
    const before = readOffsetTable(tableOf({ 'T@a': { 0: 1, 1: 2 }, 'T@b': { 0: 5 } }));
    const after = readOffsetTable(tableOf({ 'T@a': { 0: 1, 1: 22 }, 'T@b': { 0: 5 } }), before);
    expect(after.entries[0]?.offsets).toEqual([1, 22]);
    expect(after.entries[1]).toBe(before.entries[1]);
    expect(readOffsetTable(tableOf({ 'T@a': { 0: 1, 1: 22 }, 'T@b': { 0: 5 } }), after)).toBe(after);
  });

  test('rows nobody could have meant cost nothing but themselves', () => {
    const body = tableOf({
      junk: { 0: 1 },
      'T@g': { 0: 9_223_372_036_854_775_807n, 999999999: 3 },
      '@': {},
      'U@g': {},
    });
    const read = readOffsetTable(body);
    expect(read.entries.map(({ topic, group }) => `${topic} ${group}`)).toEqual(['T g', 'U g']);
    expect(read.entries[0]?.offsets[0]).toBeNull();
    expect(read.entries[0]?.offsets[999_999_999]).toBe(3);
    expect(readOffsetTable(body, read)).toBe(read);
  });

  test('what is no table is refused', () => {
    for (const body of ['', '{"offsetTable":{"T@g":{0:1}', '{"offsetTable":{"T@g":{0:1}}', '[]'])
      expect(() => readOffsetTable(Buffer.from(body))).toThrow();
  });
});
