import fc from 'fast-check';
import { expect, test } from 'vitest';
import { diffLines } from './line-diff';

const shown = (before: string, after: string) =>
  diffLines(before, after).map(({ kind, text }) => `${{ same: ' ', removed: '-', added: '+' }[kind]}${text}`);

test('removed lines before added ones, the rest as it is', () => {
  expect(shown('{\n "a": 1,\n "b": 2\n}', '{\n "a": 1,\n "b": 3\n}')).toEqual([
    ' {',
    '  "a": 1,',
    '- "b": 2',
    '+ "b": 3',
    ' }',
  ]);
  expect(shown('a\nb\nc', 'a\nc')).toEqual([' a', '-b', ' c']);
  expect(shown('a', 'a')).toEqual([' a']);
});

test('both texts can be read off it, however they differ', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.join('\n'));
  fc.assert(
    fc.property(text, text, (before, after) => {
      const lines = diffLines(before, after);
      const without = (kind: string) =>
        lines
          .filter((line) => line.kind !== kind)
          .map((line) => line.text)
          .join('\n');
      expect(without('added')).toBe(before);
      expect(without('removed')).toBe(after);
    }),
  );
});
