import { expect, test } from 'vitest';
import type { RecordedFrame } from '../proxy/frame';
import { type Holdings, needed, needless } from './sweep-cost';

const MASTER: Holdings = { address: 'broker:1', topics: 3, groups: 2, levels: 1, topicsVersion: 7, groupsVersion: 7 };
const SWEEPS = 2;

const request = (code: number, target = MASTER.address, fields: Record<string, string> = {}): RecordedFrame => ({
  at: 0,
  direction: 'request',
  target,
  code,
  requestCode: code,
  opaque: 1,
  fields,
  bodyBytes: 0,
});
/** All that sweeps have to ask, and nothing else. */
const usual = [...needed(MASTER, SWEEPS)].flatMap(([code, times]) =>
  Array.from({ length: times }, () => request(code)),
);
const excess = (...more: RecordedFrame[]) => [...needless([[...usual, ...more]], SWEEPS, [MASTER])];

test('what a sweep has to ask is 5 + topics + groups + 2 × levels, and the settings now and then', () => {
  expect(usual).toHaveLength(SWEEPS * (5 + 3 + 2 + 2) + 1);
  expect(
    excess(request(106, 'nameserver:1'), request(307, MASTER.address, { clientId: 'c', consumerGroup: 'g' })),
  ).toEqual([]);
});

test.each([
  ['a topic', 202],
  ['a group', 203],
  ['a level', 30],
  ['the table of topics', 21],
  ['the settings', 26],
])('asking once more for %s is one too many', (_, code) => {
  expect(excess(request(code))).toEqual([[`${code} at broker:1`, 1]]);
});

test('a table that has changed is asked for whole, once', () => {
  const before = { ...MASTER, topicsVersion: 6 };
  const again = (times: number) => [[...usual, ...Array.from({ length: times }, () => request(21))]];
  expect([...needless(again(1), SWEEPS, [MASTER], [before])]).toEqual([]);
  expect([...needless(again(2), SWEEPS, [MASTER], [before])]).toEqual([['21 at broker:1', 1]]);
});

test('a request no sweep sends, or to a broker no sweep asks, is needless', () => {
  expect(excess(request(33), request(202, 'slave:1'))).toEqual([
    ['33 at broker:1', 1],
    ['202 at slave:1', 1],
  ]);
});

test('a client is not asked twice within its time', () => {
  const running = request(307, MASTER.address, { clientId: 'c', consumerGroup: 'g' });
  expect(excess(running, { ...running, target: 'broker:2' })).toEqual([['307 to c for g', 1]]);
});
