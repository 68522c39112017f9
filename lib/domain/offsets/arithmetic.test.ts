import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clamp, driftTolerance, moveOf, needsTyping, REPLAY_BY_CLICK, staleness, totalsOf } from './arithmetic';

const queue = fc
  .record({ min: fc.nat(1e9), kept: fc.nat(1e9), committed: fc.option(fc.nat(3e9)), wanted: fc.nat(3e9) })
  .map(({ min, kept, committed, wanted }) => ({
    minOffset: min,
    maxOffset: min + kept,
    committedOffset: committed,
    targetOffset: clamp(wanted, min, min + kept),
  }));

test('replay minus skip is the way from where consumption stands to the target, over any set of queues', () => {
  fc.assert(
    fc.property(fc.array(queue), (queues) => {
      const moves = queues.map((each) => ({ ...each, ...moveOf(each) }));
      const totals = totalsOf(moves);
      const way = queues.reduce(
        (sum, { committedOffset, minOffset, maxOffset, targetOffset }) =>
          committedOffset === null ? sum : sum + clamp(committedOffset, minOffset, maxOffset) - targetOffset,
        0,
      );
      expect(totals.replay - totals.skip).toBe(way);
      for (const { replay, skip, maxOffset, minOffset } of moves) {
        expect(Math.min(replay, skip)).toBe(0);
        expect(replay + skip).toBeLessThanOrEqual(maxOffset - minOffset);
      }
      if (totals.skip > 0) expect(needsTyping(moves)).toBe(true);
    }),
  );
});

test('typing is asked for when a message is skipped, or may be, or more than 10,000 are replayed', () => {
  const of = (committedOffset: number | null, targetOffset: number) => {
    const each = { committedOffset, targetOffset, minOffset: 0, maxOffset: 50_000 };
    return needsTyping([{ ...each, ...moveOf(each) }]);
  };
  expect(of(20_000, 20_000 - REPLAY_BY_CLICK)).toBe(false);
  expect(of(20_000, 20_000 - REPLAY_BY_CLICK - 1)).toBe(true);
  expect(of(20_000, 20_001)).toBe(true);
  expect(of(null, 1)).toBe(true);
  expect(of(null, 0)).toBe(false);
});

test('what expired is neither replayed nor skipped', () => {
  expect(moveOf({ committedOffset: 10, minOffset: 100, maxOffset: 200, targetOffset: 150 })).toMatchObject({
    skip: 50,
  });
  expect(moveOf({ committedOffset: 900, minOffset: 100, maxOffset: 200, targetOffset: 150 })).toMatchObject({
    replay: 50,
  });
});

test('a plan is stale when its target expired, its queue shrank or the offset drifted too far', () => {
  const planned = { committedOffset: 500, targetOffset: 100 };
  const now = { committedOffset: 500, minOffset: 0, maxOffset: 900 };
  expect(staleness(planned, now, 1000)).toBeNull();
  expect(staleness(planned, { ...now, minOffset: 100 }, 1000)).toBeNull();
  expect(staleness(planned, { ...now, minOffset: 101 }, 1000)).toBe('min_passed');
  expect(staleness(planned, { ...now, maxOffset: 99 }, 1000)).toBe('max_fell');
  expect(staleness(planned, { ...now, committedOffset: 1501 }, 1000)).toBe('drifted');
  expect(staleness(planned, { ...now, committedOffset: null }, 1000)).toBe('drifted');
});

test('tolerance: five minutes of the fastest queue, at least 1,000', () => {
  expect(driftTolerance([])).toBe(1000);
  expect(
    driftTolerance([
      [
        { at: 0, committed: 0 },
        { at: 10_000, committed: 100 },
      ],
    ]),
  ).toBe(3000);
});
