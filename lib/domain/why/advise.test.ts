import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { unknown } from '@/lib/contract/primitives';
import type { Advice } from '@/lib/contract/why';
import { advise } from './advise';
import type { Evidence } from './evidence';
import { evidenceOf, memberOf, NOW, queueOf } from './evidence.fixture';

const seen = { verdict: new Set<string>(), advice: new Set<string>() };
function advised(evidence: Evidence) {
  const advice = advise(evidence);
  seen.verdict.add(advice.verdict.key);
  for (const { key } of advice.options) seen.advice.add(key);
  const option = (kind: Advice['options'][number]['kind']) => advice.options.find((each) => each.kind === kind);
  return { ...advice, members: option('members'), threads: option('threads'), queues: option('queues') };
}
const queues = (count: number, more: Parameters<typeof queueOf>[1]) =>
  Array.from({ length: count }, (_, id) => queueOf(id, more));

describe('nothing to compute', () => {
  const waiting = queues(4, { lag: 100, inPerS: 1, outPerS: 2 });
  test.each<[verdict: string, evidence: Evidence]>([
    ['broadcast', evidenceOf(waiting, [], { group: { mode: 'BROADCASTING' } })],
    ['lag_unknown', evidenceOf(waiting, [], { group: { lag: unknown('not_sampled') } })],
    ['nothing_waits', evidenceOf(queues(4, {}), [])],
    ['keeps_up', evidenceOf(queues(4, { lag: 2, rule: { key: 'caught_up_in_window', params: {} } }), [])],
    ['frozen', evidenceOf(waiting, [], { group: { status: 'FROZEN' } })],
    ['no_members', evidenceOf(waiting, [], { group: { status: 'NO_MEMBERS' } })],
    ['members_unknown', evidenceOf(waiting, [], { group: { members: unknown('behind_proxy') } })],
    ['rates_unknown', evidenceOf(queues(4, { lag: 100, samples: [] }), [memberOf('one', [0, 1, 2, 3])])],
    ['stands_still', evidenceOf(queues(4, { lag: 100, inPerS: 1 }), [memberOf('one', [0, 1, 2, 3])])],
  ])('%s', (verdict, evidence) => {
    expect(advised(evidence)).toMatchObject({ verdict: { key: verdict }, options: [] });
  });
});

describe('more members', () => {
  test('shorten it while there are queues for them', () => {
    const evidence = evidenceOf(queues(4, { lag: 100, inPerS: 4, outPerS: 5 }), [memberOf('one', [0, 1, 2, 3])]);
    const { members, verdict, drainMs } = advised(evidence);
    expect(drainMs).toBe(100_000);
    // Two members of 20/s: each has 200 messages and 8/s to read.
    expect(members).toMatchObject({
      effect: 'helps',
      key: 'members_help',
      params: { from: 1, to: 2 },
      drainMs: 16_667,
    });
    expect(verdict.key).toBe('best_members');
  });
  test('beyond the number of queues change nothing', () => {
    const evidence = evidenceOf(
      [queueOf(0, { lag: 100, inPerS: 4, outPerS: 5 }), queueOf(1, { lag: 100, inPerS: 4, outPerS: 5 })],
      [memberOf('one', [0]), memberOf('two', [1]), memberOf('three', [])],
    );
    expect(advised(evidence).members).toMatchObject({
      effect: 'nothing',
      key: 'members_beyond',
      drainMs: null,
      params: { members: 3, queues: 2 },
    });
  });
  test('do not help one hot queue', () => {
    const quiet = [1, 2, 3].map((id) => queueOf(id, { inPerS: 1, outPerS: 1 }));
    const evidence = evidenceOf(
      [queueOf(0, { lag: 9000, inPerS: 30, outPerS: 20 }), ...quiet],
      [memberOf('one', [0]), memberOf('two', [1, 2, 3])],
    );
    expect(advised(evidence).members).toMatchObject({
      effect: 'nothing',
      key: 'members_hot',
      params: { queue: 'a/0' },
    });
  });
  test('help as little as threads and queues where one thread reads the hot queue in order', () => {
    const quiet = Array.from({ length: 63 }, (_, id) => queueOf(id + 1, { inPerS: 0.2, outPerS: 0.2 }));
    const hot = queueOf(0, { lag: 1200, inPerS: 24, outPerS: 20 });
    const even = Array.from({ length: 32 }, (_, id) => id);
    const pairOf = (orderly: boolean) => [
      memberOf('one', even, { orderly, threadsMax: 4 }),
      memberOf(
        'two',
        even.map((id) => id + 32),
        { orderly, threadsMax: 4 },
      ),
    ];
    const advice = advised(evidenceOf([hot, ...quiet], pairOf(true)));
    expect(advice.verdict.key).toBe('nothing_helps');
    expect(advice.members).toMatchObject({ effect: 'nothing', key: 'members_hot', params: { queue: 'a/0' } });
    expect(advice.threads).toMatchObject({ effect: 'nothing', key: 'threads_one', params: { queue: 'a/0' } });
    expect(advice.queues).toMatchObject({ effect: 'nothing', key: 'queues_little', params: { queue: 'a/0' } });
    // Threads of a listener that keeps no order all read it.
    expect(advised(evidenceOf([hot, ...quiet], pairOf(false))).threads?.key).toBe('threads_help');
  });
  test('hardly help what is nearly read', () => {
    const half = { lag: 210, outPerS: 2 };
    const evidence = evidenceOf(
      [queueOf(0, { lag: 400, outPerS: 4 }), queueOf(1, half), queueOf(2, half)],
      [memberOf('one', [0]), memberOf('two', [1, 2])],
    );
    expect(advised(evidence).members).toMatchObject({ effect: 'nothing', key: 'members_little' });
  });
  test('share all queues of a POP group', () => {
    const evidence = evidenceOf(queues(1, { lag: 100, inPerS: 4, outPerS: 5 }), [memberOf('one', [])], {
      group: { mode: 'POP' },
    });
    const { members, queues: more } = advised(evidence);
    expect(members).toMatchObject({ effect: 'helps', params: { from: 1, to: 2 }, drainMs: 16_667 });
    expect(more).toBeUndefined();
  });
});

describe('more threads', () => {
  const busy = (running: Parameters<typeof memberOf>[2]) =>
    evidenceOf(queues(2, { lag: 100, inPerS: 4, outPerS: 5 }), [
      memberOf('one', [0], running),
      memberOf('two', [1], running),
    ]);
  test('twice as many read twice as much', () => {
    const { threads, verdict } = advised(busy({}));
    expect(threads).toMatchObject({ effect: 'helps', params: { from: 20, to: 40 }, drainMs: 16_667 });
    expect(verdict.key).toBe('best_threads');
  });
  test('change nothing where a queue has one thread', () => {
    const { threads, verdict } = advised(busy({ orderly: true }));
    expect(threads).toMatchObject({ effect: 'nothing', key: 'threads_orderly', params: { threads: 20, queues: 1 } });
    expect(verdict.key).toBe('best_queues');
  });
  test('wait for the same lock, or are not told', () => {
    const blocked: Evidence['threads'] = {
      state: 'read',
      clientId: 'one',
      queue: 'a/0',
      readAt: NOW,
      consume: [
        {
          kind: 'blocked',
          state: 'BLOCKED',
          count: 20,
          names: [],
          frames: [],
          ownFrame: null,
          waitsFor: null,
          lockOwner: null,
        },
      ],
    };
    expect(advised({ ...busy({}), threads: blocked }).threads?.key).toBe('threads_blocked');
    expect(advised(busy({ threadsMax: null })).threads).toMatchObject({ effect: 'unknown', key: 'threads_unknown' });
  });
});

describe('more queues', () => {
  test('take only new messages, and only with members to read them', () => {
    const pair = [memberOf('one', [0]), memberOf('two', [1])];
    const { queues: more } = advised(evidenceOf(queues(2, { lag: 100, inPerS: 4, outPerS: 5 }), pair));
    // 2/s instead of 4/s come into an old queue.
    expect(more).toMatchObject({ effect: 'helps', key: 'queues_help', params: { from: 2, to: 4 }, drainMs: 33_334 });
    const still = advised(evidenceOf(queues(2, { lag: 100, outPerS: 5 }), pair));
    expect(still.queues).toMatchObject({ effect: 'nothing', key: 'queues_little' });
    const one = advised(evidenceOf(queues(2, { lag: 100, inPerS: 4, outPerS: 5 }), [memberOf('one', [0, 1])]));
    expect(one.queues?.key).toBe('queues_first_members');
  });
});

test('says when nothing of it would help, and when that cannot be told', () => {
  const orderly = [memberOf('one', [0], { orderly: true, threadsMax: 1 })];
  const old = [queueOf(0, { lag: 100, outPerS: 5 })];
  expect(advised(evidenceOf(old, orderly))).toMatchObject({ verdict: { key: 'nothing_helps' }, drainMs: 20_000 });
  expect(advised(evidenceOf(old, [memberOf('one', [0], { threadsMax: null })])).verdict.key).toBe('not_sure');
});

test('threads that would hardly shorten it', () => {
  const over = queues(1, { lag: 100, inPerS: 50, outPerS: 5 });
  expect(advised(evidenceOf(over, [memberOf('one', [0])])).threads).toMatchObject({
    effect: 'nothing',
    key: 'threads_little',
  });
});

afterAll(() => {
  for (const locale of ['en', 'zh-CN']) {
    const texts = JSON.parse(readFileSync(`lib/i18n/${locale}/why.json`, 'utf8')) as Record<string, object>;
    for (const family of ['verdict', 'advice'] as const)
      expect([...seen[family]].sort(), `${locale} ${family}`).toEqual(Object.keys(texts[family] ?? {}).sort());
  }
});
