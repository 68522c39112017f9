import { describe, expect, it } from 'vitest';
import { isMostlyBefore, rangeFor } from './histogram-ranges';

const HOUR_MS = 3_600_000;
const of = (...counts: (number | null)[]) => ({ buckets: counts.map((count, index) => ({ from: index, count })) });

describe('what a histogram opens on', () => {
  it('is all that is kept when the first half of the usual range is empty', () => {
    expect(isMostlyBefore(of(0, 0, 0, 4))).toBe(true);
    expect(isMostlyBefore(of(0, 0, 0, 0))).toBe(true);
    expect(isMostlyBefore(of(0, 1, 0, 4))).toBe(false);
  });

  it('is the same while a broker is silent and nothing is known of that half', () => {
    expect(isMostlyBefore(of(null, null, 3, 4))).toBe(true);
    expect(isMostlyBefore(of(null, 2, 3, 4))).toBe(false);
  });

  it('is the shortest range with something before the time', () => {
    const now = 100 * HOUR_MS;
    expect(rangeFor(null, now)).toBe('6h');
    expect(rangeFor(now - HOUR_MS / 2, now)).toBe('1h');
    expect(rangeFor(now - HOUR_MS, now)).toBe('6h');
    expect(rangeFor(now - 48 * HOUR_MS, now)).toBe('all');
  });
});
