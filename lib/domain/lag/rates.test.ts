import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isKnown, known, unknown } from '@/lib/contract/primitives';
import { LAST_COMMIT_MS } from '../snapshot/group-members';
import type { Sample, SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';
import { drainMsOf, flowOf, flowOfQueue, lastMovedAt } from './rates';

/** A sample every `everyMs`: committed and max. */
const window = (everyMs: number, ...points: [committed: number, max: number][]): Sample[] =>
  points.map(([committed, max], index) => ({ at: 1_000_000 + index * everyMs, committed, max }));

const queue = (queueId: number, samples: Sample[], more: Partial<SnapshotGroupQueue> = {}): SnapshotGroupQueue => ({
  topic: 'orders',
  broker: 'a',
  queueId,
  isRetry: false,
  committedOffset: samples.at(-1)?.committed ?? 0,
  maxOffset: samples.at(-1)?.max ?? 0,
  minOffset: 0,
  asOf: 0,
  status: 'OK',
  rule: { key: 'shrinking', params: {} },
  samples,
  rewound: null,
  ...more,
});
const group = (...queues: SnapshotGroupQueue[]) =>
  flowOf({ queues, mode: 'CLUSTERING', members: known(1, 0), offlineSince: null });

describe('flow of a queue', () => {
  test('is per second of the real span, however far apart the samples are', () => {
    for (const everyMs of [5000, 30_000]) {
      const flow = flowOfQueue(window(everyMs, [0, 100], [10, 130], [40, 160]), null);
      expect(flow.inPerS).toMatchObject({ value: 60_000 / (2 * everyMs) });
      expect(flow.outPerS).toMatchObject({ value: 40_000 / (2 * everyMs) });
    }
  });
  test('is unknown with too few samples, or too short a span', () => {
    for (const samples of [[], window(30_000, [0, 1], [1, 2]), window(4500, [0, 1], [1, 2], [2, 3])])
      expect(flowOfQueue(samples, null)).toEqual({
        inPerS: { unknown: 'not_sampled' },
        outPerS: { unknown: 'not_sampled' },
        drainMs: { unknown: 'not_sampled' },
      });
  });
  test('begins after the last time an offset went back', () => {
    const rewound = window(5000, [500, 900], [600, 900], [100, 900], [110, 900], [120, 900]);
    expect(flowOfQueue(rewound, null).outPerS).toMatchObject({ value: 2 });
    expect(isKnown(flowOfQueue(rewound.slice(0, 4), null).outPerS)).toBe(false);
    const recreated = window(5000, [500, 900], [0, 0], [0, 10], [5, 20]);
    expect(flowOfQueue(recreated, null).inPerS).toMatchObject({ value: 2 });
  });
  test('takes no reset for reading: nobody is connected', () => {
    const undone = window(5000, [0, 900], [0, 900], [900, 900], [900, 900], [900, 900]);
    const since = (index: number) => (undone[index]?.at ?? 0) - LAST_COMMIT_MS;
    const outOf = (members: SnapshotGroup['members'], offlineSince: number | null) =>
      flowOf({ queues: [queue(0, undone)], mode: 'CLUSTERING', members, offlineSince }).outPerS;
    expect(outOf(known(1, 0), null)).toMatchObject({ value: 45 });
    expect(outOf(known(0, 0), since(1))).toMatchObject({ value: 0 });
    expect(outOf(unknown('members_unknown'), since(1))).toMatchObject({ value: 0 });
    // The last offsets of a member that leaves are its own, and those of one behind a Proxy too.
    expect(outOf(known(0, 0), since(2))).toMatchObject({ value: 45 });
    expect(outOf(unknown('behind_proxy'), since(1))).toMatchObject({ value: 45 });
    // Who goes on moving them is somebody, known or not.
    const steady = window(5000, [0, 900], [10, 900], [20, 900], [30, 900]);
    expect(flowOfQueue(steady, steady[0]?.at ?? 0).outPerS).toMatchObject({ value: 2 });
  });
  test.each<[lag: number, inPerS: number, outPerS: number, drainMs: number | 'never']>([
    [0, 5, 0, 0],
    [100, 0, 10, 10_000],
    [100, 8, 10, 50_000],
    [100, 10, 10, 'never'],
    [100, 11, 10, 'never'],
    [100, 0, 0, 'never'],
  ])('%d waiting, in %d/s, out %d/s: drained after %s', (lag, inPerS, outPerS, drainMs) =>
    expect(drainMsOf(lag, inPerS, outPerS)).toBe(drainMs),
  );
});

describe('flow of a group', () => {
  const fast = queue(0, window(5000, [0, 100], [40, 100], [80, 100]));
  const slow = queue(1, window(5000, [0, 400], [10, 400], [20, 400]));
  test('sums its queues and drains with the slowest', () => {
    const flow = group(fast, slow);
    expect(flow).toMatchObject({ inPerS: { value: 0 }, outPerS: { value: 10 }, partial: null });
    // 20 at 8/s, 380 at 2/s: together 10/s would be 40 s, but nobody helps queue 1.
    expect(flow.drainMs).toMatchObject({ value: 190_000 });
    expect(flow.direction).toMatchObject({ value: 'shrinking' });
    expect(flow.worst).toMatchObject({ queueId: 1, lag: 380, share: 0.95 });
  });
  test('never drains when one queue does not', () => {
    expect(group(fast, queue(2, window(5000, [7, 9], [7, 9], [7, 9]))).drainMs).toMatchObject({ value: 'never' });
  });
  test('leaves out what has not been measured, and says so', () => {
    const young = queue(3, window(5000, [0, 9]));
    expect(group(fast, young)).toMatchObject({
      outPerS: { value: 8 },
      partial: 'not_sampled',
      drainMs: { unknown: 'not_sampled' },
    });
    const stale = queue(4, fast.samples, { rule: { key: 'broker_silent', params: {} } });
    expect(group(stale)).toMatchObject({
      outPerS: { unknown: 'broker_silent' },
      direction: { unknown: 'broker_silent' },
    });
  });
  test('drains as its slowest backlog does: a queue that keeps up has none', () => {
    const even = window(5000, [10, 10], [20, 20], [30, 31]);
    expect(group(fast, queue(5, even))).toMatchObject({ drainMs: { value: 'never' } });
    const keepsUp = queue(5, even, { rule: { key: 'caught_up_in_window', params: {} } });
    expect(group(fast, keepsUp).drainMs).toEqual(group(fast).drainMs);
  });
  test('counts no retry topic, and nothing of a broadcast group', () => {
    const retry = queue(0, slow.samples, { topic: '%RETRY%g', isRetry: true });
    expect(group(fast, retry)).toMatchObject({ outPerS: { value: 8 }, worst: { share: 1 } });
    expect(flowOf({ queues: [fast], mode: 'BROADCASTING', members: known(1, 0), offlineSince: null })).toMatchObject({
      inPerS: { unknown: 'broadcast' },
    });
    expect(group()).toMatchObject({ inPerS: { unknown: 'not_sampled' }, worst: null });
  });
  test('two rates that hardly differ are steady', () => {
    const step = (rate: number) => window(5000, [0, 5], [100, 5 + rate], [200, 5 + 2 * rate]);
    const direction = (rate: number) => group(queue(0, step(rate))).direction;
    expect(direction(101)).toMatchObject({ value: 'steady' });
    expect(direction(110)).toMatchObject({ value: 'growing' });
    expect(direction(90)).toMatchObject({ value: 'shrinking' });
  });
});

test('every window has rates that are numbers or unknown, and none is negative', () => {
  const sample = fc.record({ at: fc.nat(1e6), committed: fc.nat(1000), max: fc.nat(1000) });
  fc.assert(
    fc.property(fc.array(fc.array(sample, { maxLength: 12 }), { maxLength: 4 }), (windows) => {
      const { inPerS, outPerS, drainMs, worst, queues } = group(...windows.map((samples, id) => queue(id, samples)));
      for (const figure of [inPerS, outPerS, ...queues.flatMap(({ flow }) => [flow.inPerS, flow.outPerS])])
        if (isKnown(figure)) expect(figure.value).toBeGreaterThanOrEqual(0);
      if (isKnown(drainMs) && drainMs.value !== 'never') expect(drainMs.value).toBeGreaterThanOrEqual(0);
      if (worst) expect(worst.share).toBeGreaterThan(0);
    }),
  );
});

test('when an offset last moved', () => {
  expect(lastMovedAt(window(5000, [1, 9], [2, 9], [2, 9]))).toBe(1_005_000);
  expect(lastMovedAt(window(5000, [2, 9], [2, 9]))).toBeNull();
  expect(lastMovedAt([])).toBeNull();
});
