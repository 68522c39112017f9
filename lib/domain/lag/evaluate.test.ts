import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { StatusWord } from '../snapshot/snapshot';
import { evaluateGroup, evaluateQueue, severityOf, tapeOf, WORST_FIRST } from './evaluate';

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

  test('always gives a word, and never OK to a young window', () => {
    const sample = fc.record({ at: fc.nat(1e6), committed: fc.nat(1000), max: fc.nat(1000) });
    const input = fc.record({
      samples: fc.array(sample, { maxLength: 12 }).map((list) => list.sort((a, b) => a.at - b.at)),
      rewound: fc.option(fc.record({ from: fc.nat(1000), at: fc.nat() })),
      isHeld: fc.option(fc.boolean()),
    });
    fc.assert(
      fc.property(input, (queue) => {
        const { status } = evaluateQueue(queue);
        expect(WORST_FIRST).toContain(status);
        if (queue.samples.length < 4) expect(status).toBe('UNKNOWN');
      }),
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
