import { expect, test } from 'vitest';
import { asCsv, asJsonl } from './csv';

test('a cell that looks like a formula is text, a number stays a number, and what separates is quoted', () => {
  const rows = [['=cmd|x', '+1', '-5', '@a', 'a,"b"\n', null, 7]];
  expect(asCsv(['a', 'b', 'c', 'd', 'e', 'f', 'g'], rows)).toBe(
    '\ufeffa,b,c,d,e,f,g\r\n\'=cmd|x,\'+1,-5,\'@a,"a,""b""\n",,7\r\n',
  );
});

test('whatever begins a formula is made harmless', () => {
  for (const first of ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
    expect(asCsv(['a'], [[`${first}1+1`]]), first).toMatch(/^\ufeffa\r\n"?'/);
});

test('one value per line', () => expect(asJsonl([{ a: 1 }, { b: 'x\ny' }])).toBe('{"a":1}\n{"b":"x\\ny"}\n'));
