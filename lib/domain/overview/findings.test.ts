import { expect, test } from 'vitest';
import { fakeCluster, NOW } from '../snapshot/fake-cluster.fixture';
import type { StatusWord } from '../snapshot/snapshot';
import { takeSnapshot } from '../snapshot/take';
import { findingsOf, ranked } from './findings';

const noJobs = { active: [], unacknowledged: [] };

async function snapshotOf(hangs: string[] = []) {
  const cluster = fakeCluster({
    a: {
      topics: { orders: [[0, 10]], '%DLQ%dead': [[0, 3]], '%RETRY%busy': [[0, 2]] },
      groups: ['dead', 'busy', 'gone'],
      offsets: { 'orders@gone': { 0: 1 }, 'orders@busy': { 0: 10 } },
      clients: { busy: ['client-1'] },
    },
    b: { topics: {}, groups: [], offsets: {}, hangs },
  });
  return takeSnapshot(cluster.ctx, null);
}

test('ranks by harm: nobody reads, then dead letters growing, then what only waits', async () => {
  const found = ranked(findingsOf(await snapshotOf(), noJobs, new Map(), NOW));
  expect(found.map(({ key, params }) => [key, params.group ?? params.broker])).toEqual([
    ['group_no_members', 'gone'],
    ['dead_letters_growing', 'dead'],
    ['retries_waiting', 'busy'],
    ['trace_topic_missing', 'a'],
    ['trace_topic_missing', 'b'],
  ]);
});

test('a broker that does not answer comes first', async () => {
  const [first] = ranked(findingsOf(await snapshotOf(['*']), noJobs, new Map(), NOW));
  expect(first).toMatchObject({ severity: 'critical', key: 'broker_silent', params: { broker: 'b' } });
});

test('members nobody could name are not called none', async () => {
  const snapshot = await snapshotOf();
  const gone = snapshot.groups.get('gone');
  if (gone) snapshot.groups.set('gone', { ...gone, status: 'STALLED', members: { unknown: 'members_unknown' } });
  const found = findingsOf(snapshot, noJobs, new Map(), NOW).find(({ key }) => key === 'group_stalled');
  expect(found?.params).toMatchObject({ hasMembers: 'no' });
});

test('a group of which only the worst queue stands still is said to consume', async () => {
  const snapshot = await snapshotOf();
  const group = snapshot.groups.get('gone');
  const [queue] = group?.queues ?? [];
  if (!group || !queue) throw new Error('no queue');
  const as = (status: StatusWord): typeof queue => Object.create(queue, { status: { value: status } });
  const [still, moving] = [as('STALLED'), as('OK')];
  const params = (queues: (typeof queue)[]) => {
    snapshot.groups.set('gone', { ...group, queues, status: 'STALLED' });
    return findingsOf(snapshot, noJobs, new Map(), NOW).find(({ key }) => key === 'group_stalled')?.params;
  };
  expect(params([still, moving, moving])).toMatchObject({ queues: 3, still: 1, moving: 2, consumes: 'yes' });
  expect(params([still, still])).toMatchObject({ queues: 2, still: 2, moving: 0, consumes: 'no' });
});

test('handled dead letters are no finding, and the oldest decides when they expire', async () => {
  const snapshot = await snapshotOf();
  const keys = (handled: number, expiresAt: number | null) =>
    ranked(findingsOf(snapshot, noJobs, new Map([['dead', { handled, redriven: 0, expiresAt }]]), NOW))
      .filter(({ params }) => params.group === 'dead')
      .map(({ key, params }) => `${key} ${params.count}`);
  expect(keys(3, null)).toEqual([]);
  expect(keys(1, NOW + 3_600_000)).toEqual(['dead_letters_expiring 2', 'dead_letters_growing 2']);
});
