import { isKnown } from '@/lib/contract/primitives';
import { retriesOf } from '../groups/retries';
import { severityOf } from '../lag/evaluate';
import { lagOfQueue } from '../lag/rates';
import { capacityOf } from './check-clients';
import { type Checked, type Evidence, found, groupHref, isBusiness, nothing, passed, queueName } from './evidence';

/** A queue with at least half of the lag, where an even part would be a quarter at most. */
export const HOT_SHARE = 0.5;
const HOT_QUEUES = 4;
const MANY = 1000;
/** A queue that gets this many times its even part of what is written. */
export const HOT_INFLOW = 3;

/** One hot queue: by what is written to it, or only by what is not read from it. */
export function checkHot({ flow }: Evidence): Checked {
  const { worst, queues, inPerS } = flow;
  if (!worst || queues.length < HOT_QUEUES) return nothing();
  const own = queues.find(({ queue: { topic, broker, queueId } }) => {
    return broker === worst.broker && queueId === worst.queueId && topic === worst.topic;
  });
  // Of the few messages that wait at any moment most may well lie in one queue.
  const isTrouble = own && severityOf(own.queue.status) > severityOf('UNKNOWN');
  if (!own || (!isTrouble && worst.lag < MANY)) return nothing();
  if (worst.share < HOT_SHARE) return passed('lag_even', { queues: queues.length });
  const inflow =
    isKnown(own.flow.inPerS) && isKnown(inPerS) && inPerS.value > 0 ? own.flow.inPerS.value / inPerS.value : null;
  const isByKey = inflow !== null && inflow * queues.length >= HOT_INFLOW;
  return found({
    key: isByKey ? 'hot_key' : 'hot_queue',
    severity: 'warning',
    params: {
      queue: queueName(worst),
      ofLagShare: worst.share,
      lag: worst.lag,
      queues: queues.length,
      inflow: inflow === null ? 'unknown' : 'known',
      ofInShare: inflow ?? 0,
    },
    links: [{ key: 'topic', href: `/topics/detail?topic=${encodeURIComponent(worst.topic)}` }],
  });
}

/** Messages that the broker deletes, or has deleted, before they are read. */
export function checkExpiry({ group, flow, age, retentionMs }: Evidence): Checked {
  const gone = group.queues.filter((queue) => isBusiness(queue) && queue.committedOffset < queue.minOffset);
  const lost = gone.reduce((sum, { minOffset, committedOffset }) => sum + minOffset - committedOffset, 0);
  if (gone[0])
    return found({
      key: 'expired_unread',
      severity: 'critical',
      params: { lost, queues: gone.length, queue: queueName(gone[0]) },
      links: [],
    });
  if (!flow.worst || !age || !isKnown(age.lagMs)) return nothing();
  const kept = group.queues.flatMap((queue) => (lagOfQueue(queue) > 0 ? (retentionMs.get(queue.broker) ?? []) : []));
  if (kept.length === 0) return nothing();
  const retention = Math.min(...kept);
  const leftMs = Math.max(0, retention - age.lagMs.value);
  const drainMs = isKnown(flow.drainMs) ? flow.drainMs.value : null;
  const isLate = drainMs === 'never' ? leftMs < retention / 2 : drainMs !== null && drainMs > leftMs;
  if (!isLate) return passed('kept_long_enough', { leftMs });
  return found({
    key: 'expires_unread',
    severity: leftMs < 6 * 3_600_000 ? 'critical' : 'warning',
    params: {
      leftMs,
      retentionMs: retention,
      drain: drainMs === 'never' ? 'never' : 'in',
      drainMs: drainMs === 'never' || drainMs === null ? 0 : drainMs,
    },
    links: [],
  });
}

/** As much of what is read that this goes back into retry is a storm. */
const STORM_SHARE = 0.1;

/** Messages that fail and come back: they take threads from new ones, and end as dead letters. */
export function checkRetries({ group, flow, members }: Evidence): Checked {
  const failed = sumOf(members.map(({ running }) => running?.failedPerS));
  const ok = sumOf(members.map(({ running }) => running?.okPerS));
  const [left] = group.queues.filter(
    (queue) => queue.isRetry && lagOfQueue(queue) > 0 && severityOf(queue.status) > severityOf('UNKNOWN'),
  );
  if (left && isKnown(group.retriesDue))
    return found({
      key: 'retries_not_taken',
      severity: 'warning',
      params: { due: group.retriesDue.value, topic: left.topic },
      links: [{ key: 'retries', href: groupHref('/retries', group.name) }],
    });
  const waiting = retriesOf(group);
  const count = isKnown(waiting) ? waiting.value : 0;
  const isStorm = failed !== null && failed > 0.05 && failed >= STORM_SHARE * (failed + (ok ?? 0));
  if (!isStorm && count === 0) return failed === null || !isKnown(waiting) ? nothing() : passed('no_retries');
  const outPerS = isKnown(flow.outPerS) ? flow.outPerS.value : 0;
  return found({
    key: isStorm ? 'retry_storm' : 'retries_waiting',
    severity: isStorm ? 'warning' : 'note',
    params: {
      failedPerS: failed ?? 0,
      okPerS: ok ?? outPerS,
      ofAllShare: isStorm ? failed / (failed + (ok ?? 0)) : 0,
      retries: count,
      dead: isKnown(group.deadLetters) ? group.deadLetters.value : 0,
    },
    links: [
      { key: 'retries', href: groupHref('/retries', group.name) },
      { key: 'causes', href: groupHref('/dead-letters/group', group.name) },
    ],
  });
}

/** More is written than the members' threads can read at the time that one message takes. */
export function checkSpeed({ flow, members }: Evidence): Checked {
  const capacities = members.map(capacityOf);
  const capacity = sumOf(capacities);
  if (!flow.worst || !isKnown(flow.inPerS) || capacity === null || capacities.includes(null)) return nothing();
  const slowest = Math.max(...members.map(({ running }) => running?.consumeMs ?? 0));
  const threads = members.reduce((sum, { running }) => sum + (running?.threadsMax ?? 0), 0);
  if (capacity >= flow.inPerS.value) return nothing();
  return found({
    key: 'too_slow',
    severity: 'warning',
    params: { consumeMs: slowest, threads, members: members.length, canPerS: capacity, inPerS: flow.inPerS.value },
    links: [],
  });
}

function sumOf(values: readonly (number | null | undefined)[]): number | null {
  const told = values.flatMap((value) => value ?? []);
  return told.length > 0 ? told.reduce((sum, value) => sum + value, 0) : null;
}
