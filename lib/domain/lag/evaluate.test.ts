import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StatusWord } from '../snapshot/snapshot';
import { evaluateGroup, evaluateQueue, severityOf, tapeOf, WORST_FIRST } from './evaluate';

const TEXTS = ['en', 'zh-CN'].map(
  (locale) => JSON.parse(readFileSync(`lib/i18n/${locale}/status.json`, 'utf8')).status_rule as object,
);

/** One sample per five seconds: committed and max. */
const window = (...points: [committed: number, max: number][]) =>
  points.map(([committed, max], index) => ({ at: 1_000_000 + index * 5000, committed, max }));
const flat = (count: number, committed: number, max: number) =>
  window(...Array.from({ length: count }, (): [number, number] => [committed, max]));

describe('evaluateQueue', () => {
  const table: [name: string, input: Parameters<typeof evaluateQueue>[0], status: StatusWord, key: string][] = [
    ['no sample', { samples: [], rewound: null, isHeld: null }, 'UNKNOWN', 'too_few_samples'],
    ['three samples', { samples: flat(3, 0, 9), rewound: null, isHeld: true }, 'UNKNOWN', 'too_few_samples'],
    ['span of 25 s', { samples: flat(6, 0, 9), rewound: null, isHeld: true }, 'UNKNOWN', 'too_few_samples'],
    [
      'too young even when caught up',
      { samples: flat(6, 9, 9), rewound: null, isHeld: true },
      'UNKNOWN',
      'too_few_samples',
    ],
    ['no lag now', { samples: flat(7, 9, 9), rewound: null, isHeld: true }, 'OK', 'no_lag'],
    ['offset beyond the end', { samples: flat(7, 12, 9), rewound: null, isHeld: true }, 'OK', 'no_lag'],
    ['went back', { samples: flat(10, 2, 9), rewound: { from: 8, at: 1 }, isHeld: true }, 'REWOUND', 'rewound'],
    [
      'went back and returned',
      { samples: flat(10, 8, 9), rewound: { from: 8, at: 1 }, isHeld: true },
      'STALLED',
      'stalled',
    ],
    [
      'caught up within the window',
      { samples: [...flat(1, 9, 9), ...flat(10, 9, 20).slice(1)], rewound: null, isHeld: true },
      'OK',
      'caught_up_in_window',
    ],
    ['stands still, held', { samples: flat(10, 5, 9), rewound: null, isHeld: true }, 'STALLED', 'stalled'],
    ['stands still, holder unknown', { samples: flat(10, 5, 9), rewound: null, isHeld: null }, 'STALLED', 'stalled'],
    ['stands still, nobody holds it', { samples: flat(10, 5, 9), rewound: null, isHeld: false }, 'STOPPED', 'stopped'],
    [
      'moves, lag never shrinks',
      { samples: window([1, 9], [2, 11], [3, 12], [4, 14], [5, 15], [6, 17], [7, 19]), rewound: null, isHeld: true },
      'WARN',
      'never_shrank',
    ],
    [
      'moves, lag shrinks',
      { samples: window([1, 9], [4, 9], [5, 9], [6, 9], [7, 9], [7, 9], [8, 9]), rewound: null, isHeld: true },
      'OK',
      'shrinking',
    ],
  ];
  test.each(table)('%s', (_, input, status, key) => {
    const found = evaluateQueue(input);
    expect(found.status).toBe(status);
    expect(found.rule.key).toBe(key);
  });

  /** Windows as sweeps make them, with spans from nothing to minutes: some stand still, some fall behind, some jump. */
  const walk = (most: { read: number; added: number; back: number }) => {
    const step = fc.record({
      afterMs: fc.nat(15_000),
      read: fc.oneof(
        { weight: 9, arbitrary: fc.nat(most.read) },
        { weight: 1, arbitrary: fc.nat(most.back).map((back) => -back) },
      ),
      added: fc.nat(most.added),
    });
    return fc.tuple(fc.nat(20), fc.array(step, { maxLength: 12 })).map(([lag, steps]) => {
      let sample = { at: 0, committed: 1000, max: 1000 + lag };
      return steps.map(({ afterMs, read, added }) => {
        const max = sample.max + added;
        sample = { at: sample.at + afterMs, committed: Math.min(max, sample.committed + read), max };
        return sample;
      });
    });
  };
  const anyWindow = fc.record({
    samples: fc.oneof(
      walk({ read: 0, added: 4, back: 0 }),
      walk({ read: 2, added: 9, back: 0 }),
      walk({ read: 15, added: 9, back: 500 }),
    ),
    rewound: fc.option(fc.record({ from: fc.nat(2000), at: fc.nat() }), { freq: 2 }),
    isHeld: fc.option(fc.boolean()),
  });

  test('every window has one verdict, in words that exist, with every number in it', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(anyWindow, (queue) => {
        const { status, rule } = evaluateQueue(queue);
        seen.add(rule.key);
        expect(WORST_FIRST).toContain(status);
        expect(evaluateQueue(queue)).toEqual({ status, rule });
        for (const value of Object.values(rule.params)) expect(value).toSatisfy(Number.isSafeInteger);
        for (const texts of TEXTS) expect(texts).toHaveProperty(rule.key);
      }),
      // A seed, so that all rules are met in every run.
      { numRuns: 1000, seed: 42 },
    );
    const rules = ['too_few_samples', 'no_lag', 'rewound', 'caught_up_in_window', 'stopped', 'stalled', 'never_shrank'];
    expect([...seen].sort()).toEqual([...rules, 'shrinking'].sort());
  });

  test('OK needs a window that is old enough, and never stands still with lag', () => {
    fc.assert(
      fc.property(anyWindow, (queue) => {
        const { status } = evaluateQueue(queue);
        const samples = queue.samples.slice(-10);
        const [first, last] = [samples[0], samples.at(-1)];
        const isYoung = !first || !last || samples.length < 4 || last.at - first.at < 30_000;
        expect(status === 'UNKNOWN').toBe(isYoung);
        const stands = samples.every(({ committed, max }) => committed === last?.committed && max > committed);
        if (!isYoung && stands && !queue.rewound) expect(status).toBe(queue.isHeld === false ? 'STOPPED' : 'STALLED');
      }),
      { numRuns: 1000 },
    );
  });
});

describe('evaluateGroup', () => {
  const online = { consumeEnabled: true, isBroadcast: false, lag: 5, members: 2, isPartial: false };
  const queue = (status: StatusWord) => ({ status, rule: { key: status, params: {} } });

  test('consumption switched off comes first', () => {
    expect(evaluateGroup({ ...online, consumeEnabled: false, members: 0 }, [queue('STALLED')]).status).toBe('FROZEN');
  });
  test('nobody connected and something waits', () => {
    expect(evaluateGroup({ ...online, members: 0 }, [queue('STALLED')]).status).toBe('NO_MEMBERS');
    expect(evaluateGroup({ ...online, members: 0, lag: 0 }, [queue('OK')]).status).toBe('OK');
    expect(evaluateGroup({ ...online, members: null }, [queue('STALLED')]).status).toBe('STALLED');
  });
  test('takes its worst queue, and UNKNOWN is worse than OK', () => {
    expect(evaluateGroup(online, [queue('OK'), queue('WARN'), queue('UNKNOWN')]).status).toBe('WARN');
    expect(evaluateGroup(online, [queue('OK'), queue('UNKNOWN')]).status).toBe('UNKNOWN');
  });
  test('of equally bad queues names the one with most lag', () => {
    const stalled = (queueId: number, lag: number, more = {}) => ({
      status: 'STALLED' as const,
      rule: { key: 'stalled', params: { samples: 10, total: 10, offset: 88_112, lag } },
      ...{ topic: 'orders', broker: 'broker-a', queueId },
      ...more,
    });
    const { status, rule } = evaluateGroup(online, [queue('WARN'), stalled(0, 7), stalled(3, 4203), stalled(1, 12)]);
    expect(status).toBe('STALLED');
    expect(rule).toEqual({
      key: 'stalled',
      params: { samples: 10, total: 10, offset: 88_112, lag: 4203, queue: 'broker-a/3' },
    });
    const retry = evaluateGroup(online, [stalled(0, 7, { topic: '%RETRY%g', isRetry: true })]);
    expect(retry.rule.params.queue).toBe('%RETRY%g broker-a/0');
  });
  test('is not OK while a part of it is unknown', () => {
    expect(evaluateGroup({ ...online, isPartial: true }, [queue('OK')]).status).toBe('UNKNOWN');
    expect(evaluateGroup({ ...online, isPartial: true }, [queue('STALLED')]).status).toBe('STALLED');
  });
  test('a group without queues', () => {
    expect(evaluateGroup(online, []).status).toBe('OK');
    expect(severityOf('STALLED')).toBeGreaterThan(severityOf('OK'));
  });
});

test('the tape holds advances, newest last', () => {
  expect(tapeOf(window([1, 9], [4, 9], [2, 9]))).toEqual([null, null, null, null, null, null, null, null, 3, -2]);
  expect(tapeOf([])).toEqual(new Array(10).fill(null));
});
