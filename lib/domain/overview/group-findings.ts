import type { Finding } from '@/lib/contract/overview';
import { figureValue, isKnown } from '@/lib/contract/primitives';
import { retriesOf } from '../groups/retries';
import { isNotConsuming, standingOf } from '../groups/standing';
import { storeTimeKey } from '../lag/store-time';
import { rowsOfPart } from '../snapshot/group-rows';
import type { Snapshot, SnapshotGroup, StatusWord } from '../snapshot/snapshot';
import { DLQ_PREFIX } from '../snapshot/system-names';
import type { RankedFinding } from './findings';
import type { Ledgers } from './ledgers';

/** What is said of a group for its status; of each group once at most. */
export const BY_STATUS: Partial<Record<StatusWord, { severity: Finding['severity']; key: string }>> = {
  STALLED: { severity: 'critical', key: 'group_stalled' },
  STOPPED: { severity: 'critical', key: 'group_stopped' },
  NO_MEMBERS: { severity: 'critical', key: 'group_no_members' },
  WARN: { severity: 'warning', key: 'group_warn' },
  FROZEN: { severity: 'warning', key: 'group_frozen' },
  REWOUND: { severity: 'note', key: 'group_rewound' },
};
/** A dead letter this young counts as "still growing". */
const GROWING_MS = 10 * 60_000;
const EXPIRY_NEAR_MS = 12 * 3_600_000;

/** What the snapshot says against each group: its status, its dead letters, its retries. */
export function groupFindings(snapshot: Snapshot, ledgers: Ledgers, now: number): RankedFinding[] {
  const findings: RankedFinding[] = [];
  for (const group of snapshot.groups.values()) {
    if (group.system) continue;
    findings.push(
      ...statusFinding(group, snapshot, now),
      ...deadLetterFindings(group, snapshot, ledgers, now),
      ...retryFinding(group, now),
    );
  }
  return findings;
}

function statusFinding(group: SnapshotGroup, snapshot: Snapshot, now: number): RankedFinding[] {
  const found = BY_STATUS[group.status];
  const waiting = figureValue(group.lag) ?? 0;
  if (!found || (group.status === 'FROZEN' && waiting === 0)) return [];
  let oldest: number | null | undefined;
  const since = () => {
    if (oldest === undefined) oldest = oldestUnread(group, snapshot);
    return oldest;
  };
  const ageMs = () => Math.max(0, now - (since() ?? now));
  return [
    {
      id: `${found.key}:${group.name}`,
      ...found,
      // What looks at each queue is made for those that are ranked and sent: every page counts the findings of all groups.
      get params() {
        return {
          ...{ samples: 0, total: 0, offset: 0, from: 0 },
          ...group.rule.params,
          group: group.name,
          waiting,
          topic: group.topics.join(', '),
          members: figureValue(group.members) ?? 0,
          ...movement(group),
          hasMembers: isKnown(group.members) ? 'yes' : 'no',
          ageMs: ageMs(),
        };
      },
      href: hrefOf('/groups/detail', group.name),
      get since() {
        return since();
      },
      tape: group.tape,
      size: waiting,
      get ageMs() {
        return ageMs();
      },
    },
  ];
}

/** The status is that of the worst queue: the sentence says whether the others move. */
function movement(group: SnapshotGroup): Record<string, string | number> {
  const { queues, still, moving } = standingOf(group);
  return { queues, still, moving, consumes: isNotConsuming(group) ? 'no' : 'yes' };
}

function deadLetterFindings(group: SnapshotGroup, snapshot: Snapshot, ledgers: Ledgers, now: number): RankedFinding[] {
  const ledger = ledgers.get(group.name);
  const count = (figureValue(group.deadLetters) ?? 0) - (ledger?.handled ?? 0);
  if (count <= 0) return [];
  const lastAgeMs = group.lastDeadAt === null ? 0 : Math.max(0, now - group.lastDeadAt);
  const isGrowing = group.lastDeadAt !== null && lastAgeMs < GROWING_MS;
  const base = { href: hrefOf('/dead-letters/group', group.name), tape: null, size: count };
  const params = { group: group.name, count, lastAgeMs };
  const key = isGrowing ? 'dead_letters_growing' : 'dead_letters_waiting';
  // Growing ones are ranked by their number alone, above those that only lie there.
  const rank = isGrowing
    ? ({ severity: 'warning', ageMs: GROWING_MS } as const)
    : ({ severity: 'note', ageMs: lastAgeMs } as const);
  const findings: RankedFinding[] = [
    { ...base, ...rank, id: `dead_letters:${group.name}`, key, params, since: group.lastDeadAt },
  ];
  const expiry = ledger?.expiresAt ?? nextExpiry(group, snapshot);
  if (expiry !== null && expiry - now < EXPIRY_NEAR_MS) {
    const leftMs = Math.max(0, expiry - now);
    findings.push({
      ...base,
      id: `dead_letters_expiring:${group.name}`,
      severity: 'warning',
      key: 'dead_letters_expiring',
      params: { ...params, leftMs },
      since: null,
      // The less is left, the more it weighs.
      ageMs: EXPIRY_NEAR_MS - leftMs,
    });
  }
  return findings;
}

/** When the broker may delete the newest dead letter, and with it the last of them. Nothing is known of the older ones here. */
function nextExpiry(group: SnapshotGroup, snapshot: Snapshot): number | null {
  const retention = new Map(snapshot.brokers.map(({ name, retentionMs }) => [name, retentionMs]));
  const ends = (snapshot.topics.get(DLQ_PREFIX + group.name)?.queues ?? []).flatMap((queue) => {
    const keptMs = retention.get(queue.broker);
    return queue.lastStoredAt !== null && keptMs && queue.maxOffset > queue.minOffset
      ? [queue.lastStoredAt + keptMs]
      : [];
  });
  return ends.length > 0 ? Math.min(...ends) : null;
}

function retryFinding(group: SnapshotGroup, now: number): RankedFinding[] {
  const count = figureValue(retriesOf(group)) ?? 0;
  if (count === 0) return [];
  const inMs = group.nextRetryAt === null ? 0 : Math.max(0, group.nextRetryAt - now);
  return [
    {
      id: `retries_waiting:${group.name}`,
      severity: 'note',
      key: 'retries_waiting',
      params: {
        group: group.name,
        count,
        waiting: figureValue(group.retriesWaiting) ?? '?',
        due: figureValue(group.retriesDue) ?? '?',
        inMs,
      },
      href: hrefOf('/retries', group.name),
      since: null,
      tape: null,
      size: count,
      ageMs: 0,
    },
  ];
}

/** Store time of the oldest unread message, where somebody has read it already. */
function oldestUnread({ rows }: SnapshotGroup, { storeTimes }: Snapshot): number | null {
  let oldest: number | null = null;
  for (const part of rows?.parts ?? []) {
    if (part.isRetry) continue;
    for (const row of rowsOfPart(part)) {
      const committed = rows?.committed[row] ?? 0;
      if (committed >= (rows?.max[row] ?? 0)) continue;
      const offset = Math.max(committed, rows?.min[row] ?? 0);
      const storedAt = storeTimes.get(storeTimeKey(part.broker, part.topic, part.queueIds[row - part.from], offset));
      if (storedAt !== undefined && (oldest === null || storedAt < oldest)) oldest = storedAt;
    }
  }
  return oldest;
}

const hrefOf = (path: string, group: string) => `${path}?group=${encodeURIComponent(group)}`;
