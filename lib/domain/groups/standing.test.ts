import { expect, test } from 'vitest';
import type { SnapshotGroup, SnapshotGroupQueue, StatusWord } from '../snapshot/snapshot';
import { isNotConsuming, standingOf } from './standing';

const queue = (status: StatusWord, committed: number[], max: number): SnapshotGroupQueue => ({
  topic: 'orders',
  broker: 'a',
  queueId: 0,
  isRetry: false,
  committedOffset: committed.at(-1) ?? 0,
  maxOffset: max,
  minOffset: 0,
  asOf: 0,
  status,
  rule: { key: 'no_lag', params: {} },
  samples: committed.map((offset, n) => ({ at: n * 10_000, committed: offset, max })),
  rewound: null,
});
const still = queue('STALLED', [5, 5, 5], 9);
const moving = queue('OK', [3, 5, 7], 9);
const caughtUp = queue('OK', [3, 7, 9], 9);
const empty = queue('OK', [9, 9, 9], 9);
const unjudged = queue('UNKNOWN', [5], 9);
const group = (status: StatusWord, ...queues: SnapshotGroupQueue[]) => ({ status, queues }) as SnapshotGroup;

test.each([
  ['one queue of many', group('STALLED', still, moving, caughtUp, empty), { queues: 3, still: 1, moving: 2 }, false],
  ['every queue with messages', group('STALLED', still, still, empty), { queues: 2, still: 2, moving: 0 }, true],
  ['a queue nobody holds', group('STOPPED', queue('STOPPED', [5, 5], 9)), { queues: 1, still: 1, moving: 0 }, true],
  ['what is not known to move', group('STALLED', still, unjudged), { queues: 2, still: 1, moving: 0 }, true],
  ['nobody connected', group('NO_MEMBERS', moving), { queues: 1, still: 0, moving: 1 }, true],
  ['only falling behind', group('WARN', queue('WARN', [3, 4], 9)), { queues: 1, still: 0, moving: 1 }, false],
  ['switched off by an operator', group('FROZEN', still), { queues: 1, still: 1, moving: 0 }, false],
])('%s', (_, given, standing, isStanding) => {
  expect(standingOf(given)).toEqual(standing);
  expect(isNotConsuming(given)).toBe(isStanding);
});
