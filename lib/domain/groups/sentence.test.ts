import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Said } from '@/lib/contract/groups';
import { known, unknown } from '@/lib/contract/primitives';
import { flowOf } from '../lag/rates';
import { evidenceOf, memberOf, NOW, queueOf } from '../why/evidence.fixture';
import { type SentenceFacts, sentenceOf } from './sentence';

const minutes = (count: number) => count * 60_000;
type Facts = Omit<Partial<SentenceFacts>, 'group'> & { group?: Partial<SentenceFacts['group']> };

function said(queues: ReturnType<typeof queueOf>[], { group, ...more }: Facts = {}): Said[] {
  const whole = { ...evidenceOf(queues, []).group, members: known(2, NOW), ...group };
  return sentenceOf({
    group: whole,
    flow: flowOf(whole),
    age: { lagMs: known(minutes(4), NOW), isExact: true },
    members: [memberOf('10.1.2.9@77', [3, 0, 1]), memberOf('10.1.2.8@12', [2])],
    ...more,
  });
}
const keys = (clauses: Said[]) => clauses.map(({ key }) => key);
const of = (clauses: Said[], key: string) => clauses.find((clause) => clause.key === key)?.params;

/** Queue 3 has 81 % of the lag. */
const behind = [
  queueOf(0, { lag: 19, inPerS: 5, outPerS: 5 }),
  queueOf(1),
  queueOf(2),
  queueOf(3, { lag: 81, inPerS: 6, outPerS: 4 }),
];

describe('the sentence of a group', () => {
  test('that falls behind: status, age, messages, rates, direction, worst queue, its reader and what else it reads', () => {
    const clauses = said(behind, { group: { status: 'WARN' } });
    expect(clauses).toEqual([
      { key: 'behind', params: { status: 'WARN', lag: 100, ageMs: minutes(4), age: 'exact' } },
      { key: 'rates', params: { inPerS: 11, outPerS: 9, direction: 'growing', partial: 'no' } },
      { key: 'worst', params: { queue: 'a/3', share: 'part', ofLagShare: 0.81 } },
      { key: 'reader', params: { clientId: '10.1.2.9@77', others: 2 } },
      { key: 'end', params: {} },
      { key: 'drains_never', params: {} },
    ]);
  });
  test('with an age that is estimated, or not known', () => {
    const about = said(behind, { age: { lagMs: known(minutes(4), NOW), isExact: false } });
    expect(of(about, 'behind')).toMatchObject({ age: 'about', ageMs: minutes(4) });
    expect(of(said(behind, { age: { lagMs: unknown('not_read'), isExact: false } }), 'behind')).toMatchObject({
      age: 'unknown',
    });
    expect(of(said(behind, { age: undefined }), 'behind')).toMatchObject({ age: 'unknown' });
  });
  test('that stands still will not drain; one that reads faster will', () => {
    expect(keys(said([queueOf(0, { lag: 9, inPerS: 1 })], { group: { status: 'STALLED' } }))).toContain('drains_never');
    expect(keys(said([queueOf(0, { lag: 9 })], { group: { status: 'STOPPED' } }))).toContain('drains_never');
    const draining = said([queueOf(0, { lag: 100, inPerS: 1, outPerS: 3 })], { group: { status: 'REWOUND' } });
    expect(of(draining, 'drains')).toEqual({ drainMs: 50_000 });
    expect(of(draining, 'rates')).toMatchObject({ direction: 'shrinking' });
    expect(of(draining, 'worst')).toMatchObject({ share: 'all' });
  });
  test('that keeps up is not told to never drain for the few that wait', () => {
    const rule = { key: 'caught_up_in_window', params: {} };
    const clauses = said([queueOf(0, { lag: 3, inPerS: 6, outPerS: 5, rule }), queueOf(1, { rule })]);
    expect(keys(clauses)).toEqual(['behind', 'rates', 'end']);
    expect(of(clauses, 'rates')).toMatchObject({ direction: 'steady' });
  });
  test('that has caught up', () => {
    expect(keys(said([queueOf(0, { inPerS: 5, outPerS: 5 })]))).toEqual(['caught_up', 'rates', 'end']);
    expect(of(said([queueOf(0)]), 'rates')).toMatchObject({ direction: 'none' });
  });
  test('that has left its retries', () => {
    const left = { status: 'STALLED' as const, retriesDue: known(2, NOW) };
    const clauses = said([queueOf(0)], { group: left });
    expect(clauses[0]).toEqual({ key: 'retries_left', params: { status: 'STALLED', due: 2 } });
    expect(keys(said([queueOf(0)], { group: { ...left, status: 'OK' } }))).toContain('caught_up');
  });
  test('that nobody reads', () => {
    const offline = { status: 'NO_MEMBERS' as const, members: known(0, NOW) };
    const clauses = said(behind, { group: offline, members: [] });
    expect(keys(clauses)).toEqual(['no_members', 'rates', 'worst', 'end']);
    expect(of(clauses, 'no_members')).toMatchObject({ lag: 100, ageMs: minutes(4), age: 'exact' });
  });
  test('that is frozen', () => {
    expect(keys(said(behind, { group: { status: 'FROZEN' } }))).toEqual(['frozen', 'rates', 'worst', 'end']);
  });
  test('of which little is known', () => {
    const young = behind.map((queue) => ({ ...queue, samples: queue.samples.slice(-1) }));
    const clauses = said(young, { group: { status: 'UNKNOWN' } });
    expect(keys(clauses)).toEqual(['behind', 'rates_unknown', 'worst', 'reader', 'end']);
    const unread = said(behind, { group: { status: 'UNKNOWN', lag: unknown('broker_silent') } });
    expect(unread).toEqual([
      { key: 'lag_unknown', params: { status: 'UNKNOWN', reason: 'broker_silent' } },
      { key: 'end', params: {} },
    ]);
  });
  test('that leaves a queue out of its rates', () => {
    const [first, ...rest] = behind;
    const silent = { ...(first as (typeof behind)[number]), rule: { key: 'broker_silent', params: {} } };
    expect(of(said([silent, ...rest]), 'rates')).toMatchObject({ partial: 'yes' });
  });
  test('whose lag is spread evenly names no queue', () => {
    const even = said([0, 1, 2, 3].map((id) => queueOf(id, { lag: 25 })));
    expect(of(even, 'even')).toEqual({ queues: 4 });
    expect(keys(even)).not.toContain('worst');
  });
  test('whose reader is nobody, not known, or anybody', () => {
    expect(keys(said(behind, { members: [memberOf('one', [0])] }))).toContain('reader_none');
    expect(keys(said(behind, { members: [{ clientId: 'one', queues: null }] }))).toContain('reader_unknown');
    expect(keys(said(behind, { group: { mode: 'POP' } }))).toContain('reader_pop');
  });
  test('that is a POP group tells what has been handed out and not been acknowledged', () => {
    const member = memberOf('one', [0, 1]);
    for (const queue of member.queues ?? []) queue.cached = 3;
    const pop = { members: [member], group: { mode: 'POP' as const } };
    expect(of(said(behind, pop), 'in_flight')).toEqual({ inFlight: 6 });
    expect(keys(said([queueOf(0)], pop))).toEqual(['caught_up', 'rates', 'in_flight', 'end']);
    expect(keys(said(behind, { members: [member] }))).not.toContain('in_flight');
  });
  test('that broadcasts says what no broker can know', () => {
    expect(said(behind, { group: { mode: 'BROADCASTING' } })).toEqual([{ key: 'broadcast', params: { members: 2 } }]);
    expect(said([], { group: { mode: 'BROADCASTING', members: unknown('members_unknown') } })[0]?.params).toEqual({
      members: -1,
    });
  });
  test('has words for each of its clauses', () => {
    const source = readFileSync('lib/domain/groups/sentence.ts', 'utf8');
    const told = [...source.matchAll(/say\('(\w+)'/g), ...source.matchAll(/'(reader_\w+)'/g)].map(([, key]) => key);
    for (const locale of ['en', 'zh-CN']) {
      const texts = JSON.parse(readFileSync(`lib/i18n/${locale}/groups.json`, 'utf8')).sentence_parts;
      expect([...new Set(told)].sort()).toEqual(Object.keys(texts).sort());
    }
  });
});
