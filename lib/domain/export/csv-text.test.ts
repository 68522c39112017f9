import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine, csvRows } from './csv-text';

test('nothing that a spreadsheet begins a formula with stands at the beginning of a cell; a number stays one', () => {
  for (const first of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    expect(csvLine([`${first}1+1`]).replace(/^"/, ''), first).toMatch(/^'/);
  expect(csvLine([-5, '-5.5', null, 'a,"b"'])).toBe('-5,-5.5,,"a,""b"""\r\n');
});

async function* pieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}
async function read(chunks: AsyncIterable<string>): Promise<string[][]> {
  const rows: string[][] = [];
  for await (const row of csvRows(chunks)) rows.push(row);
  return rows;
}

test('what was written is read again, wherever the text is cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é') });
  // Not at the beginning, where a line break would get a quote before it.
  const cell = text.map((rest) => `x${rest}`);
  return fc.assert(
    fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1 })), fc.integer({ min: 1, max: 7 }), async (rows, size) => {
      expect(await read(pieces(rows.map(csvLine).join(''), size))).toEqual(rows);
    }),
  );
});

test('a text that was cut off is not taken for a shorter one', async () => {
  await expect(read(pieces('a,"b', 2))).rejects.toThrow('within a row');
  await expect(read(pieces('a,b\r\nc', 3))).rejects.toThrow('within a row');
});
