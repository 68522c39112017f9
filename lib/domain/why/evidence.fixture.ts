import type { GroupMember } from '@/lib/contract/groups';
import { known } from '@/lib/contract/primitives';
import { flowOf } from '../lag/rates';
import type { Sample, SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';
import type { Evidence } from './evidence';

export const NOW = 1_800_000_000_000;
const EVERY_MS = 5000;

/** For tests: a queue of `orders` with ten samples that ends at these offsets. */
export function queueOf(
  queueId: number,
  {
    lag = 0,
    inPerS = 0,
    outPerS = 0,
    ...more
  }: { lag?: number; inPerS?: number; outPerS?: number } & Partial<SnapshotGroupQueue> = {},
): SnapshotGroupQueue {
  const [committed, max] = [10_000, 10_000 + lag];
  const samples: Sample[] = Array.from({ length: 10 }, (_, index) => {
    const seconds = ((9 - index) * EVERY_MS) / 1000;
    return { at: NOW - seconds * 1000, committed: committed - outPerS * seconds, max: max - inPerS * seconds };
  });
  return {
    topic: 'orders',
    broker: 'a',
    queueId,
    isRetry: false,
    committedOffset: committed,
    maxOffset: max,
    minOffset: 0,
    asOf: NOW,
    status: lag > 0 && outPerS === 0 ? 'STALLED' : 'OK',
    rule: { key: 'shrinking', params: {} },
    samples,
    rewound: null,
    ...more,
  };
}

export function memberOf(
  clientId: string,
  held: readonly number[],
  running: Partial<GroupMember['running']> = {},
): GroupMember {
  return {
    clientId,
    address: '10.0.0.9:1',
    language: 'JAVA',
    version: 'V5_5_0',
    brokers: ['a'],
    status: null,
    queues: held.map((queueId) => ({
      topic: 'orders',
      broker: 'a',
      queueId,
      cached: 0,
      committedOffset: 10_000,
      lastPullAt: NOW - 1000,
      lastConsumeAt: NOW - 1000,
      locked: false,
    })),
    running: {
      startedAt: NOW - 60_000,
      consumeType: 'push',
      orderly: false,
      threadsMin: 20,
      threadsMax: 20,
      cacheLimit: 1000,
      okPerS: 10,
      failedPerS: 0,
      consumeMs: 5,
      subscriptions: [{ topic: 'orders', expression: '*', type: 'TAG' }],
      ...running,
    },
    notRead: null,
  };
}

/** A healthy group with these queues and members, and what differs. */
export function evidenceOf(
  queues: SnapshotGroupQueue[],
  members: GroupMember[],
  { group, ...more }: Partial<Omit<Evidence, 'group'>> & { group?: Partial<SnapshotGroup> } = {},
): Evidence {
  const lag = queues.reduce((sum, { maxOffset, committedOffset }) => sum + maxOffset - committedOffset, 0);
  const whole: SnapshotGroup = {
    name: 'billing',
    system: false,
    mode: 'CLUSTERING',
    members: known(members.length, NOW),
    offlineSince: null,
    topics: ['orders'],
    consumeEnabled: true,
    retryMaxTimes: 16,
    queues,
    queuesWithoutOffset: [],
    lag: known(lag, NOW),
    partial: null,
    tape: [],
    retriesDue: known(0, NOW),
    retriesWaiting: known(0, NOW),
    nextRetryAt: null,
    deadLetters: known(0, NOW),
    lastDeadAt: null,
    status: 'OK',
    rule: { key: 'no_lag', params: {} },
    ...group,
  };
  return {
    now: NOW,
    group: whole,
    flow: flowOf(whole),
    age: { lagMs: known(lag === 0 ? 0 : 60_000, NOW), isExact: true },
    members,
    subscriptions: [{ topic: 'orders', expression: '*', type: 'TAG' }],
    topics: new Map([
      [
        'orders',
        {
          name: 'orders',
          type: 'NORMAL',
          config: [{ broker: 'a', readQueues: 4, writeQueues: 4, perm: 6, order: false, attributes: {} }],
          queues: [],
          partial: null,
        },
      ],
    ]),
    retentionMs: new Map([['a', 72 * 3_600_000]]),
    reset: null,
    threads: { state: 'not_asked' },
    ...more,
  };
}
