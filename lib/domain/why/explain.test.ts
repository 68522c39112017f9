import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { known, unknown } from '@/lib/contract/primitives';
import type { ThreadGroup } from '@/lib/contract/threads';
import type { Evidence } from './evidence';
import { evidenceOf, memberOf, NOW, queueOf } from './evidence.fixture';
import { explain } from './explain';

const four = (more: Parameters<typeof queueOf>[1] = {}) => [0, 1, 2, 3].map((id) => queueOf(id, more));
const pair = () => [memberOf('one', [0, 1]), memberOf('two', [2, 3])];
/** They get nothing done. */
const stuck = () => [memberOf('one', [0, 1], { okPerS: 0 }), memberOf('two', [2, 3], { okPerS: 0 })];
const seen = { findings: new Set<string>(), passed: new Set<string>(), not_read: new Set<string>() };

function explained(evidence: Evidence) {
  const { findings, passed, notRead } = explain(evidence);
  for (const { key } of findings) seen.findings.add(key);
  for (const { key } of passed) seen.passed.add(key);
  for (const { key } of notRead) seen.not_read.add(key);
  return {
    findings,
    keys: findings.map(({ key }) => key),
    passed: passed.map(({ key }) => key),
    notRead: notRead.map(({ key }) => key),
    of: (key: string) => findings.find((finding) => finding.key === key),
  };
}
const thread = (kind: ThreadGroup['kind'], count: number, more: Partial<ThreadGroup> = {}): ThreadGroup => ({
  kind,
  count,
  state: 'WAITING',
  names: ['ConsumeMessageThread_billing_1'],
  frames: ['java.lang.Object.wait(Native Method)', 'acme.Stock.reserve(Stock.java:118)'],
  ownFrame: 'acme.Stock.reserve(Stock.java:118)',
  waitsFor: null,
  lockOwner: null,
  ...more,
});
const threads = (...consume: ThreadGroup[]): Evidence['threads'] => ({
  state: 'read',
  clientId: 'one',
  queue: 'a/0',
  readAt: NOW,
  consume,
});

test('a healthy group has no finding, and says what was checked', () => {
  const { keys, passed, notRead } = explained(evidenceOf(four(), pair()));
  expect(keys).toEqual([]);
  expect(notRead).toEqual([]);
  expect(passed).toEqual([
    'not_frozen',
    'readable',
    'subscriptions_agree',
    'all_held',
    'no_reset',
    'cache_free',
    'no_retries',
    'members_fit',
    'versions_agree',
  ]);
});

describe('the state of the group', () => {
  test('frozen comes first', () => {
    const { keys } = explained(evidenceOf(four({ lag: 9 }), pair(), { group: { consumeEnabled: false } }));
    expect(keys[0]).toBe('frozen');
  });
  test('nobody connected, and since when', () => {
    const offline = { members: known(0, NOW), offlineSince: NOW - 90_000 };
    const waiting = explained(evidenceOf(four({ lag: 9 }), [], { group: offline }));
    expect(waiting.of('no_members')).toMatchObject({ severity: 'critical', params: { offlineMs: 90_000, lag: 36 } });
    expect(explained(evidenceOf(four(), [], { group: offline })).of('no_members')?.severity).toBe('note');
  });
  test('members that no broker can know are no finding', () => {
    const { keys, notRead } = explained(
      evidenceOf(four({ lag: 9 }), [], { group: { members: unknown('members_unknown') } }),
    );
    expect(keys).not.toContain('no_members');
    expect(notRead).toEqual(['members']);
  });
  test('clients behind a Proxy are named where there is trouble, and never told to be nobody', () => {
    const hidden = { mode: 'POP' as const, members: unknown<number>('behind_proxy') };
    const stuckPop = explained(evidenceOf(four({ lag: 9 }), [], { group: { ...hidden, status: 'STALLED' } }));
    expect(stuckPop.of('members_behind_proxy')).toMatchObject({ severity: 'warning' });
    expect(stuckPop.keys).not.toContain('no_members');
    const calm = explained(evidenceOf(four(), [], { group: hidden }));
    expect(calm.keys).toEqual([]);
    expect(calm.notRead).toEqual(['members']);
  });
  test('a topic without read permission', () => {
    const evidence = evidenceOf(four(), pair());
    const topic = evidence.topics.get('orders');
    const config = topic?.config.map((each) => ({ ...each, perm: 2 })) ?? [];
    const closed = new Map([['orders', { ...(topic as NonNullable<typeof topic>), config }]]);
    expect(explained({ ...evidence, topics: closed }).of('not_readable')?.params).toMatchObject({
      topic: 'orders',
      broker: 'a',
    });
  });
});

describe('a reset', () => {
  const back = {
    rewound: { from: 12_000, at: NOW - 4000 },
    samples: [
      { at: NOW - 10_000, committed: 12_000, max: 12_000 },
      { at: NOW - 4000, committed: 10_000, max: 12_000 },
    ],
  };
  test('is pending while its reader has not pulled since', () => {
    const queues = [queueOf(0, { lag: 2000, ...back })];
    const sleepy = memberOf('one', [0]);
    for (const queue of sleepy.queues ?? []) queue.lastPullAt = NOW - 15_000;
    expect(explained(evidenceOf(queues, [sleepy])).of('reset_pending')?.params).toMatchObject({
      queue: 'a/0',
      clientId: 'one',
    });
    expect(explained(evidenceOf(queues, [memberOf('one', [0])])).keys).toContain('rewound');
  });
  test('of ours is pending by the same rule, with the time its job took', () => {
    const member = memberOf('one', [0]);
    for (const queue of member.queues ?? []) queue.lastPullAt = NOW - 200_000;
    const evidence = evidenceOf([queueOf(0)], [member], { reset: { topic: 'orders', at: NOW - 20_000 } });
    expect(explained(evidence).keys).toContain('reset_pending');
    for (const queue of member.queues ?? []) queue.lastPullAt = NOW - 30_000;
    expect(explained(evidence).keys).not.toContain('reset_pending');
  });
});

describe('members', () => {
  test('more of them than queues: the idle ones by name', () => {
    const { of } = explained(
      evidenceOf([queueOf(0)], [memberOf('one', [0]), memberOf('two', []), memberOf('three', [])]),
    );
    expect(of('members_idle')).toMatchObject({
      severity: 'note',
      params: { idle: 2, members: 3, queues: 1, names: 'two, three' },
    });
  });
  test('fewer than queues are fine', () => {
    expect(explained(evidenceOf(four(), [memberOf('one', [0, 1, 2, 3])])).passed).toContain('members_fit');
  });
  test('one that holds nothing though there are queues enough', () => {
    expect(explained(evidenceOf(four(), [memberOf('one', [0, 1, 2, 3]), memberOf('two', [])])).keys).toEqual([
      'members_empty',
    ]);
  });
  test('queues that nobody holds, and queues that two hold', () => {
    const unheld = explained(evidenceOf(four(), [memberOf('one', [0, 1]), memberOf('two', [2])]));
    expect(unheld.of('queues_unheld')?.params).toMatchObject({ unheld: 1, queues: 4, names: 'a/3' });
    const twice = explained(evidenceOf(four(), [memberOf('one', [0, 1, 2]), memberOf('two', [2, 3])]));
    expect(twice.of('queues_twice')?.params).toMatchObject({ twice: 1, queue: 'a/2', names: 'one, two' });
  });
  test('who did not tell leaves the assignment open', () => {
    const silent = { ...memberOf('two', []), queues: null, running: null, notRead: '1' };
    const { keys, notRead } = explained(evidenceOf(four(), [memberOf('one', [0, 1]), silent]));
    expect(keys).toEqual([]);
    expect(notRead).toEqual(['subscriptions', 'assignment', 'running']);
    const hung = explained(evidenceOf(four(), [memberOf('one', [0, 1]), { ...silent, notRead: 'TIMEOUT' }]));
    expect(hung.of('members_silent')?.params).toMatchObject({ silent: 1, members: 2, names: 'two' });
  });
  test('subscriptions that differ, each with its members', () => {
    const other = [{ topic: 'orders', expression: 'PAID', type: 'TAG' }];
    const { of } = explained(
      evidenceOf(four(), [memberOf('one', [0, 1]), memberOf('two', [2, 3], { subscriptions: other })]),
    );
    expect(of('subscriptions_differ')?.params).toMatchObject({
      one: 'orders *',
      oneNames: 'one',
      other: 'orders PAID',
      otherNames: 'two',
    });
  });
  test('versions and orders that differ', () => {
    const old = { ...memberOf('two', [2, 3]), version: 'V5_3_0' };
    expect(explained(evidenceOf(four(), [memberOf('one', [0, 1]), old])).of('versions_differ')?.severity).toBe('note');
    const orderly = memberOf('two', [2, 3], { orderly: true });
    expect(explained(evidenceOf(four(), [memberOf('one', [0, 1]), orderly])).keys).toContain('orders_differ');
  });
  test('an orderly member without the lock of its queue', () => {
    const member = memberOf('one', [0], { orderly: true });
    expect(explained(evidenceOf([queueOf(0)], [member])).keys).toEqual(['queues_unlocked']);
    for (const queue of member.queues ?? []) queue.locked = true;
    expect(explained(evidenceOf([queueOf(0)], [member])).keys).toEqual([]);
  });
});

describe('clients', () => {
  test.each(['blocked', 'waiting', 'io'] as const)('threads that are %s, with the frame and what moves', (kind) => {
    const evidence = evidenceOf(four({ lag: 100 }), stuck(), { threads: threads(thread(kind, 2)) });
    expect(explained(evidence).of(`threads_${kind}`)).toMatchObject({
      severity: 'critical',
      params: { stuck: 2, threads: 2, clientId: 'one', frame: 'acme.Stock.reserve', queues: 2, others: 1 },
      links: [{ key: 'stack', href: '/groups/detail?group=billing&tab=members&member=one' }],
    });
  });
  test('some stuck threads are less than all, idle ones are none', () => {
    const some = evidenceOf(four({ lag: 9 }), stuck(), { threads: threads(thread('waiting', 1), thread('idle', 19)) });
    expect(explained(some).of('threads_waiting')?.severity).toBe('warning');
    expect(explained({ ...some, threads: threads(thread('idle', 20)) }).passed).toContain('threads_free');
  });
  test('threads that get something done are slow, not stuck', () => {
    const evidence = evidenceOf(four({ lag: 100 }), pair(), { threads: threads(thread('waiting', 2)) });
    expect(explained(evidence).of('threads_slow')).toMatchObject({
      severity: 'warning',
      params: { okPerS: 10, queue: 'a/0' },
    });
  });
  test('threads that could not be read are told as that', () => {
    const unread: Evidence['threads'] = { state: 'unread', clientId: 'one', reason: 'member_silent' };
    expect(explained(evidenceOf(four({ lag: 9 }), pair(), { threads: unread })).notRead).toEqual(['threads']);
    expect(explained(evidenceOf(four({ lag: 9 }), pair(), { threads: threads() })).notRead).toEqual(['threads']);
  });
  test('a full memory stops the pulling', () => {
    const member = memberOf('one', [0, 1, 2, 3]);
    for (const queue of member.queues?.slice(0, 1) ?? []) queue.cached = 1000;
    expect(explained(evidenceOf(four({ lag: 2000 }), [member])).of('flow_control')?.params).toMatchObject({
      queue: 'a/0',
      cached: 1000,
      limit: 1000,
      queues: 1,
    });
  });
  test('more comes in than the threads can do', () => {
    const slow = memberOf('one', [0, 1, 2, 3], { consumeMs: 400, threadsMax: 2 });
    const { of } = explained(evidenceOf(four({ lag: 99, inPerS: 3, outPerS: 1 }), [slow]));
    expect(of('too_slow')?.params).toMatchObject({ consumeMs: 400, canPerS: 5, inPerS: 12 });
  });
});

describe('queues', () => {
  test('a hot queue by its key, or by its reader', () => {
    const quiet = [1, 2, 3].map((id) => queueOf(id, { lag: 1, inPerS: 1, outPerS: 1 }));
    const byKey = explained(
      evidenceOf([queueOf(0, { lag: 900, inPerS: 30, outPerS: 20, status: 'WARN' }), ...quiet], pair()),
    );
    expect(byKey.of('hot_key')?.params).toMatchObject({ queue: 'a/0', queues: 4 });
    const byReader = explained(evidenceOf([queueOf(0, { lag: 900, inPerS: 1 }), ...quiet], pair()));
    // What it did to its reader's memory comes after it.
    const full = pair();
    for (const queue of full[0]?.queues ?? []) queue.cached = 1000;
    const both = explained(evidenceOf([queueOf(0, { lag: 2000, inPerS: 30, outPerS: 20 }), ...quiet], full));
    expect(both.keys.slice(0, 2)).toEqual(['hot_key', 'flow_control']);
    const few = [queueOf(0, { lag: 2, inPerS: 1, outPerS: 1 }), queueOf(1), queueOf(2), queueOf(3)];
    expect(explained(evidenceOf(few, pair())).keys).toEqual([]);
    expect(byReader.keys).toContain('hot_queue');
    expect(explained(evidenceOf(four({ lag: 5, inPerS: 1, outPerS: 1, status: 'WARN' }), pair())).passed).toContain(
      'lag_even',
    );
  });
  test('unread messages against their retention', () => {
    const hour = 3_600_000;
    const slow = four({ lag: 36_000, inPerS: 0, outPerS: 1 });
    const age = { lagMs: known(70 * hour, NOW), isExact: true };
    expect(explained(evidenceOf(slow, pair(), { age })).of('expires_unread')).toMatchObject({
      severity: 'critical',
      params: { leftMs: 2 * hour, drain: 'in', drainMs: 10 * hour },
    });
    expect(explained(evidenceOf(slow, pair())).passed).toContain('kept_long_enough');
    const never = evidenceOf(four({ lag: 9 }), pair(), { age });
    expect(explained(never).of('expires_unread')?.params).toMatchObject({ drain: 'never' });
  });
  test('messages that are gone already', () => {
    const gone = queueOf(0, { lag: 100, minOffset: 10_040 });
    expect(explained(evidenceOf([gone], [memberOf('one', [0])])).of('expired_unread')?.params).toMatchObject({
      lost: 40,
    });
  });
  test('a topic that nobody reads any more', () => {
    const left = queueOf(0, { topic: 'refunds', lag: 5 });
    expect(explained(evidenceOf([...four(), left], pair())).of('topic_unsubscribed')?.params).toEqual({
      topic: 'refunds',
      lag: 5,
    });
  });
});

test('failures that come back are a storm from a tenth of what is consumed', () => {
  const failing = memberOf('one', [0, 1, 2, 3], { okPerS: 6, failedPerS: 4 });
  expect(explained(evidenceOf(four(), [failing])).of('retry_storm')?.params).toMatchObject({
    ofAllShare: 0.4,
    failedPerS: 4,
  });
  const waiting = evidenceOf(four(), pair(), { group: { retriesWaiting: known(318, NOW) } });
  const left = queueOf(0, { topic: '%RETRY%billing', isRetry: true, lag: 2, status: 'STALLED' });
  const due = { retriesDue: known(2, NOW), retriesWaiting: known(0, NOW) };
  expect(explained(evidenceOf([...four(), left], pair(), { group: due })).of('retries_not_taken')).toMatchObject({
    severity: 'warning',
    params: { due: 2, topic: '%RETRY%billing' },
  });
  expect(explained(waiting).of('retries_waiting')).toMatchObject({ severity: 'note', params: { retries: 318 } });
});

test('worse ones come first', () => {
  const member = memberOf('one', [0, 1, 2, 3], { okPerS: 0, failedPerS: 4 });
  const evidence = evidenceOf(four({ lag: 9 }), [member, { ...memberOf('two', []), version: 'V4' }], {
    threads: threads(thread('waiting', 2)),
  });
  const severities = explain(evidence).findings.map(({ severity }) => severity);
  expect(severities).toEqual([...severities].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(severities[0]).toBe('critical');
});
const order = ['critical', 'warning', 'note'];

test('of a broadcast group nothing is claimed', () => {
  expect(explain(evidenceOf(four(), pair(), { group: { mode: 'BROADCASTING' } }))).toEqual({
    findings: [],
    passed: [],
    notRead: [],
  });
});

afterAll(() => {
  for (const locale of ['en', 'zh-CN']) {
    const texts = JSON.parse(readFileSync(`lib/i18n/${locale}/why.json`, 'utf8')) as Record<string, object>;
    // What the tests above have met is exactly what there are texts for.
    for (const family of ['findings', 'passed', 'not_read'] as const)
      expect([...seen[family]].sort(), `${locale} ${family}`).toEqual(Object.keys(texts[family] ?? {}).sort());
  }
});
