import { isKnown } from '@/lib/contract/primitives';
import type { GroupJump } from '@/lib/store/history-write';
import type { SnapshotGroup, SnapshotGroupQueue } from '../snapshot/snapshot';

export interface Movement {
  /** Of the group's business queues; undefined when it has not been read since. */
  counts: { spanMs: number; produced: number; consumed: number } | undefined;
  jumps: GroupJump[];
}

/**
 * What happened to a group's offsets between two readings. An offset that went back jumped; so did one that went forward
 * while nobody was connected at either end. A queue that ends earlier than before was created again and counts nothing.
 */
export function movementOf(now: SnapshotGroup, before: SnapshotGroup): Movement {
  if (now === before) return { counts: undefined, jumps: [] };
  const spanMs = readAt(now) - readAt(before);
  const isDeserted = hasNobody(now) && hasNobody(before);
  const jumps = new Map<string, GroupJump>();
  let produced = 0;
  let consumed = 0;
  for (const [queue, earlier] of pairs(now, before)) {
    if (queue === earlier || queue.isRetry || queue.maxOffset < earlier.maxOffset) continue;
    produced += queue.maxOffset - earlier.maxOffset;
    const advance = queue.committedOffset - earlier.committedOffset;
    if (advance > 0 && !isDeserted) consumed += advance;
    else if (advance !== 0) addJump(jumps, now.name, queue.topic, advance);
  }
  return { counts: spanMs > 0 ? { spanMs, produced, consumed } : undefined, jumps: [...jumps.values()] };
}

/** When the group was read, epoch ms: what was not read again cannot have moved. */
function readAt({ queues }: SnapshotGroup): number {
  let at = 0;
  for (const { asOf } of queues) if (asOf > at) at = asOf;
  return at;
}

const hasNobody = ({ members }: SnapshotGroup) => isKnown(members) && members.value === 0;

function addJump(jumps: Map<string, GroupJump>, group: string, topic: string, advance: number): void {
  const direction = advance < 0 ? 'back' : 'forward';
  const key = `${direction} ${topic}`;
  const jump = jumps.get(key) ?? { group, topic, direction, queues: 0, messages: 0 };
  jump.queues += 1;
  jump.messages += Math.abs(advance);
  jumps.set(key, jump);
}

const isSame = (a: SnapshotGroupQueue, b: SnapshotGroupQueue) =>
  a.queueId === b.queueId && a.broker === b.broker && a.topic === b.topic;

/** Queues that both have. Sweeps list them in the same order unless some came or went. */
export function* pairs(
  now: SnapshotGroup,
  before: SnapshotGroup,
): Generator<[now: SnapshotGroupQueue, before: SnapshotGroupQueue]> {
  let others: SnapshotGroupQueue[] | undefined;
  for (const [index, queue] of now.queues.entries()) {
    const neighbour = before.queues[index];
    if (neighbour && isSame(queue, neighbour)) {
      yield [queue, neighbour];
      continue;
    }
    others ??= [...before.queues];
    const other = others.find((each) => isSame(queue, each));
    if (other) yield [queue, other];
  }
}
