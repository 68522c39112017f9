import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lengthOf, unreadOf } from './stretches';

test('what is unread and what was read are the whole queue, without overlap', () => {
  const stretch = fc.tuple(fc.nat(60), fc.nat(60)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));
  fc.assert(
    fc.property(fc.array(stretch, { maxLength: 6 }), stretch, (read, queue) => {
      const unread = unreadOf(read, queue);
      for (let at = queue.from; at < queue.to; at++) {
        const isRead = read.some(({ from, to }) => at >= from && at < to);
        expect(unread.filter(({ from, to }) => at >= from && at < to)).toHaveLength(isRead ? 0 : 1);
      }
      expect(unread.every(({ from, to }) => from >= queue.from && to <= queue.to && from < to)).toBe(true);
      expect(lengthOf(unread)).toBeLessThanOrEqual(queue.to - queue.from);
    }),
  );
});

test('the newest comes first', () => {
  expect(unreadOf([{ from: 40, to: 50 }], { from: 0, to: 60 })).toEqual([
    { from: 50, to: 60 },
    { from: 0, to: 40 },
  ]);
});
