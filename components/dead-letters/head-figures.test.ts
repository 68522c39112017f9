import { expect, test } from 'vitest';
import type { FailuresReply, LettersReply } from '@/lib/contract/dead-letters';
import { headFigures } from './head-figures';

const reply = {
  group: 'g',
  total: 9,
  matching: 2,
  states: { dead: 9 },
  counts: { open: 9, handled: 0, redriven: 0 },
  expiresAt: 5,
} as unknown as LettersReply;
const causes = {
  items: [{ states: { dead: 3, consumed: 1 } }, { states: { dead: 1, handled: 2, redriven: 1 } }],
  ledger: { read: 8, of: 8, completeSince: null },
} as unknown as FailuresReply;

test('the figures of the head are the sums of the causes below it', () => {
  expect(headFigures(reply, causes)).toMatchObject({
    total: 8,
    states: { dead: 4, consumed: 1, handled: 2, redriven: 1 },
    counts: { open: 4, handled: 2, redriven: 2 },
    expiresAt: 5,
    matching: 2,
  });
});

test('a letter that is not read yet is open', () => {
  const behind = { ...causes, ledger: { read: 8, of: 20, completeSince: 1 } };
  expect(headFigures(reply, behind)).toMatchObject({ total: 20, counts: { open: 16 } });
});

test('without causes the list speaks for itself', () => {
  expect(headFigures(reply, undefined)).toBe(reply);
});
