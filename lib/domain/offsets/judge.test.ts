import { expect, test } from 'vitest';
import type { ResetQueue } from '@/lib/store/reset-queues';
import { judge } from './judge';

const row = (over: Partial<ResetQueue> = {}) =>
  ({ state: 'WRITTEN', targetOffset: 100, committedBefore: 5000, appliedAt: 0, intentAt: 0, ...over }) as ResetQueue;
const seen = (...offsets: number[]) => offsets.map((offset, n) => ({ at: (n + 1) * 1000, offset }));
const online = { wasAtTarget: true, isOffline: false };

test.each([
  ['nobody answered', row(), [], online, 'UNVERIFIED'],
  ['at the target', row(), seen(100), online, 'APPLIED'],
  ['consumed on from there', row(), seen(100, 140), online, 'APPLIED_THEN_MOVED'],
  ['consumed past the old position step by step', row(), seen(140, 6000), online, 'APPLIED_THEN_MOVED'],
  ['a short replay, done within a second', row({ committedBefore: 110 }), seen(115), online, 'APPLIED_THEN_MOVED'],
  ['a client wrote its old position back', row({ committedBefore: 90_000 }), seen(100, 90_000), online, 'OVERRIDDEN'],
  ['never seen at the target', row(), seen(5000), { ...online, wasAtTarget: false }, 'OVERRIDDEN'],
  ['below the target', row({ committedBefore: 50 }), seen(60), online, 'OVERRIDDEN'],
  ['moved though nobody is there', row(), seen(140), { ...online, isOffline: true }, 'OVERRIDDEN'],
  ['skipped ahead and going on', row({ committedBefore: 50 }), seen(130), online, 'APPLIED_THEN_MOVED'],
  [
    'a lost answer that left no sign',
    row({ state: 'UNKNOWN' }),
    seen(5000),
    { ...online, wasAtTarget: false },
    'UNKNOWN',
  ],
  ['a lost answer that took effect', row({ state: 'UNKNOWN' }), seen(100), online, 'APPLIED'],
] as const)('%s', (_name, queue, offsets, how, expected) => {
  expect(judge(queue, [...offsets], how)).toBe(expected);
});
