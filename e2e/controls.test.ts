import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './sandbox/paths';

const CONTROLS = 44;

const titlesIn = (source: string): string[] =>
  [...source.matchAll(/\btest(?:\.describe)?\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g)].map(([, , title = '']) => title);
const numbersOf = (title: string): string[] => /^(?:C\d\d )+/.exec(title)?.[0].trim().split(' ') ?? [];

const folder = path.join(ROOT, 'e2e');
const proved = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith('.spec.ts'))
    .flatMap((name) => titlesIn(readFileSync(path.join(folder, name), 'utf8')).flatMap(numbersOf)),
);

it('every control of the threat model has a test against the build whose title begins with its number', () => {
  const all = Array.from({ length: CONTROLS }, (_, index) => `C${String(index + 1).padStart(2, '0')}`);
  expect(all.filter((control) => !proved.has(control))).toEqual([]);
});

it('a title tells its controls only at its beginning', () => {
  const source = `test('C01 C03 one', a); test(\n  \`C13 \${what} two\`, b); test("about C40", c); test.describe('C05', d);`;
  expect(titlesIn(source).flatMap(numbersOf)).toEqual(['C01', 'C03', 'C13']);
});
