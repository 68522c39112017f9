import { isKnown } from '@/lib/contract/primitives';
import { severityOf } from '../lag/evaluate';
import type { SnapshotGroupQueue } from '../snapshot/snapshot';
import { type Checked, type Evidence, found, groupHref, nothing, notRead, passed, queueName } from './evidence';

const PERM_READ = 4;

/** Switched off on the broker (`consumeEnable=false`). */
export function checkFrozen({ group }: Evidence): Checked {
  if (group.consumeEnabled) return passed('not_frozen');
  return found({ key: 'frozen', severity: 'critical', params: { group: group.name }, links: [] });
}

/** Nobody connected where a broker can know; clients of a Proxy in cluster mode are invisible to it. */
export function checkOnline({ group, now }: Evidence): Checked {
  if (!isKnown(group.members)) {
    const { unknown: reason } = group.members;
    const isTrouble = severityOf(group.status) > severityOf('UNKNOWN');
    if (reason !== 'behind_proxy' || !isTrouble) return notRead('members', { reason });
    return found({ key: 'members_behind_proxy', severity: 'warning', params: {}, links: [] });
  }
  if (group.members.value > 0) return nothing();
  const offlineMs = group.offlineSince === null ? 0 : Math.max(0, now - group.offlineSince);
  const isWaitedFor = isKnown(group.lag) && group.lag.value > 0;
  return found({
    key: 'no_members',
    severity: isWaitedFor ? 'critical' : 'note',
    params: { offlineMs, lag: isKnown(group.lag) ? group.lag.value : -1 },
    links: [],
  });
}

/** A topic that a broker does not let anybody read. */
export function checkReadable({ group, topics }: Evidence): Checked {
  const closed = group.topics.flatMap((topic) =>
    (topics.get(topic)?.config ?? []).flatMap(({ broker, perm }) => (perm & PERM_READ ? [] : [{ topic, broker }])),
  );
  const [first] = closed;
  if (!first) return group.topics.length > 0 ? passed('readable') : nothing();
  return found({
    key: 'not_readable',
    severity: 'critical',
    params: { topic: first.topic, broker: first.broker, count: closed.length },
    links: [{ key: 'topic', href: `/topics/detail?topic=${encodeURIComponent(first.topic)}` }],
  });
}

/** A job ends, and a sweep sees, up to this long after the offset was written. */
const UNSEEN_MS = 60_000;

/** The latest moment at which the offset was still where it was before. */
function movedBackAt({ samples, rewound }: SnapshotGroupQueue): number {
  const back = samples.findIndex(
    ({ committed }, index) => index > 0 && committed < (samples[index - 1]?.committed ?? 0),
  );
  return samples[back - 1]?.at ?? (rewound?.at ?? 0) - UNSEEN_MS;
}

/**
 * An offset was set back and its reader has not asked for messages since: until it does, the broker ignores what it
 * commits. By the reader's clock (307), since no request tells a pending reset without ending it.
 */
export function checkReset({ group, members, reset, now }: Evidence): Checked {
  const holders = new Map(
    members.flatMap(({ clientId, queues }) =>
      (queues ?? []).map(
        (queue) => [`${queue.topic} ${queueName(queue)}`, { clientId, at: queue.lastPullAt }] as const,
      ),
    ),
  );
  const rewound = group.queues.filter(({ rewound: back }) => back !== null);
  const pending = group.queues.flatMap((queue) => {
    const at = queue.rewound ? movedBackAt(queue) : reset?.topic === queue.topic ? reset.at - UNSEEN_MS : null;
    const holder = holders.get(`${queue.topic} ${queueName(queue)}`);
    if (at === null || !holder || holder.at === null || holder.at >= at) return [];
    return [{ queue, at, holder }];
  });
  const [first] = pending;
  if (first)
    return found({
      key: 'reset_pending',
      severity: 'warning',
      params: {
        queue: queueName(first.queue),
        queues: pending.length,
        clientId: first.holder.clientId,
        sinceMs: Math.max(0, now - first.at),
      },
      links: [{ key: 'reset', href: groupHref('/offsets/reset', group.name) }],
    });
  const [back] = rewound;
  if (!back?.rewound) return passed('no_reset');
  return found({
    key: 'rewound',
    severity: 'note',
    params: {
      queue: queueName(back),
      queues: rewound.length,
      from: back.rewound.from,
      offset: back.committedOffset,
      sinceMs: Math.max(0, now - back.rewound.at),
    },
    links: [],
  });
}
