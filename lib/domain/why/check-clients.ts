import type { GroupMember } from '@/lib/contract/groups';
import type { ThreadGroup } from '@/lib/contract/threads';
import {
  type Checked,
  type Evidence,
  found,
  isBusiness,
  memberHref,
  names,
  nothing,
  notRead,
  passed,
  queueName,
} from './evidence';

/** Members that could not be asked about themselves. */
export function checkAnswers({ group, members }: Evidence): Checked {
  const silent = members.filter(({ running }) => running === null);
  const hung = silent.filter(({ notRead: code }) => code === '207' || code === 'TIMEOUT');
  if (hung.length === 0) {
    if (silent.length === 0) return nothing();
    return notRead('running', { silent: silent.length, names: names(silent.map(({ clientId }) => clientId)) });
  }
  return found({
    key: 'members_silent',
    severity: 'warning',
    params: { silent: hung.length, members: members.length, names: names(hung.map(({ clientId }) => clientId)) },
    links: [{ key: 'member', href: memberHref(group.name, hung[0]?.clientId ?? '') }],
  });
}

const STUCK: readonly ThreadGroup['kind'][] = ['blocked', 'waiting', 'io'];

/** What the consume threads of the worst queue's reader wait for. */
export function checkThreads({ group, threads, members }: Evidence): Checked {
  if (threads.state === 'not_asked') return nothing();
  if (threads.state === 'unread') return notRead('threads', { clientId: threads.clientId, code: threads.reason });
  const { consume, clientId } = threads;
  const total = consume.reduce((sum, { count }) => sum + count, 0);
  const stuck = consume.filter(({ kind }) => STUCK.includes(kind));
  const [worst] = [...stuck].sort((a, b) => b.count - a.count);
  if (total === 0) return notRead('threads', { clientId, code: 'no_stack' });
  if (!worst) return passed('threads_free', { clientId, threads: total });
  const count = stuck.reduce((sum, thread) => sum + thread.count, 0);
  const member = members.find((each) => each.clientId === clientId);
  const queues = member?.queues?.filter(isBusiness).length ?? 0;
  const okPerS = member?.running?.okPerS ?? 0;
  // A slow listener is seen inside its work, too; but it gets some done.
  const isSlow = okPerS > 0;
  return found({
    key: isSlow ? 'threads_slow' : `threads_${worst.kind}`,
    severity: count === total && !isSlow ? 'critical' : 'warning',
    params: {
      okPerS,
      stuck: count,
      threads: total,
      clientId,
      thread: worst.names[0] ?? '',
      frame: frameOf(worst),
      owner: worst.lockOwner ?? '',
      hasOwner: worst.lockOwner === null ? 'no' : 'yes',
      queue: threads.queue,
      queues,
      others: Math.max(0, members.length - 1),
    },
    links: [{ key: 'stack', href: memberHref(group.name, clientId) }],
  });
}

const frameOf = ({ ownFrame, frames }: ThreadGroup): string => (ownFrame ?? frames[0] ?? '').replace(/\(.*$/, '');

/** A client stops pulling a queue while it has more than `pullThresholdForQueue` messages of it in memory. */
export function checkFlowControl({ group, members }: Evidence): Checked {
  const full = members.flatMap(({ clientId, running, queues }) =>
    (queues ?? []).flatMap(({ topic, broker, queueId, cached }) =>
      running?.cacheLimit && cached !== null && cached >= running.cacheLimit
        ? [{ clientId, queue: `${broker}/${queueId}`, topic, cached, limit: running.cacheLimit }]
        : [],
    ),
  );
  const [first] = full.sort((a, b) => b.cached - a.cached);
  if (first)
    return found({
      key: 'flow_control',
      severity: 'warning',
      params: {
        queues: full.length,
        queue: first.queue,
        cached: first.cached,
        limit: first.limit,
        clientId: first.clientId,
      },
      links: [{ key: 'member', href: memberHref(group.name, first.clientId) }],
    });
  const told = members.some(({ running }) => running?.cacheLimit != null);
  return told ? passed('cache_free') : nothing();
}

/** An orderly client reads only queues whose lock a broker gave it. */
export function checkLocks({ group, members }: Evidence): Checked {
  const unlocked = members.flatMap(({ clientId, running, queues }) =>
    running?.orderly && group.mode === 'CLUSTERING'
      ? (queues ?? [])
          .filter((queue) => queue.locked === false && isBusiness(queue))
          .map((queue) => ({ clientId, queue }))
      : [],
  );
  const [first] = unlocked;
  if (!first) return nothing();
  return found({
    key: 'queues_unlocked',
    severity: 'warning',
    params: { queues: unlocked.length, queue: queueName(first.queue), clientId: first.clientId },
    links: [{ key: 'member', href: memberHref(group.name, first.clientId) }],
  });
}

/** What a member could read at most: its threads, each busy with one message at a time. */
export function capacityOf({ running, queues }: GroupMember): number | null {
  if (!running || running.consumeMs === null || running.consumeMs < 1) return null;
  const threads = running.threadsMax ?? running.threadsMin;
  if (threads === null) return null;
  // One queue of an orderly client is read by one thread.
  const busy = running.orderly ? Math.min(threads, queues?.filter(isBusiness).length ?? threads) : threads;
  return (busy * 1000) / running.consumeMs;
}
