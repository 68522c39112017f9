import { expect, test } from 'vitest';
import type { Operation } from '@/lib/store/operations';
import { marksOf } from './marks';

const job = (id: string, over: Partial<Operation>) =>
  ({
    id,
    kind: 'reset',
    state: 'DONE',
    topic: 't',
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    ...over,
  }) as Operation;
const jump = (at: number, over = {}) => ({
  at,
  topic: 't',
  direction: 'back' as const,
  queues: 1,
  messages: 10,
  ...over,
});
const range = { from: 1_000_000, to: 2_000_000 };

test('jobs stand where they began, those outside of the range do not', () => {
  const jobs = [
    job('a', { createdAt: 999_000, startedAt: 1_000_000, endedAt: 1_001_000 }),
    job('b', { kind: 'purge', state: 'RUNNING', createdAt: 1_500_000 }),
    job('c', { createdAt: 1, endedAt: 999_999 }),
    job('d', { createdAt: 2_000_000 }),
  ];
  expect(marksOf(jobs, [], range)).toEqual([
    { kind: 'job', at: 1_000_000, endedAt: 1_001_000, id: 'a', jobKind: 'reset', state: 'DONE' },
    { kind: 'job', at: 1_500_000, endedAt: null, id: 'b', jobKind: 'purge', state: 'RUNNING' },
  ]);
});

test('queues that jump one after the other are one jump', () => {
  const jumps = [
    jump(1_100_000),
    jump(1_105_000, { messages: 5 }),
    jump(1_106_000, { topic: 'u' }),
    jump(1_107_000, { direction: 'forward' as const }),
    jump(1_400_000),
  ];
  expect(marksOf([], jumps, range)).toMatchObject([
    { at: 1_100_000, queues: 2, messages: 15, topic: 't', direction: 'back', jobId: null },
    { at: 1_106_000, topic: 'u' },
    { at: 1_107_000, direction: 'forward' },
    { at: 1_400_000, queues: 1 },
  ]);
});

test('a jump belongs to the reset of its topic that it follows', () => {
  const jobs = [
    job('reset', { createdAt: 1_090_000, startedAt: 1_100_000, endedAt: 1_104_000 }),
    job('purge', { kind: 'purge', createdAt: 1_090_000 }),
  ];
  const idOf = (at: number, over = {}) =>
    marksOf(jobs, [jump(at, over)], range).flatMap((mark) => (mark.kind === 'jump' ? [mark.jobId] : []));
  expect(idOf(1_110_000)).toEqual(['reset']);
  expect(idOf(1_099_000)).toEqual([null]);
  expect(idOf(1_300_000)).toEqual([null]);
  expect(idOf(1_110_000, { topic: 'u' })).toEqual([null]);
});
