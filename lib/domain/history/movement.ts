import { isKnown } from '@/lib/contract/primitives';
import type { GroupJump } from '@/lib/store/history-write';
import { desertedSince } from '../lag/rates';
import { type BrokerFacts, topicAsOf } from '../snapshot/broker-facts';
import type { RowPart } from '../snapshot/group-rows';
import type { SnapshotGroup } from '../snapshot/snapshot';
import { movedRows } from './moved-rows';

/** A group in a picture of the cluster. */
export interface Seen {
  group: SnapshotGroup;
  facts: ReadonlyMap<string, BrokerFacts>;
  /** Of the picture, epoch ms. */
  asOf: number;
}
export interface Movement {
  /** The time it took, ms, and messages of the group's business queues. */
  counts: { spanMs: number; produced: number; consumed: number };
  jumps: GroupJump[];
}

/**
 * What happened to a group's offsets between two sweeps. An offset that went back jumped; so did one that went forward
 * while nobody had been connected for long enough. A queue that ends earlier than before was created again and counts nothing.
 */
export function movementOf(now: Seen, before: Seen): Movement {
  const [rows, earlier] = [now.group.rows, before.group.rows];
  // What a client commits as it leaves is seen a little later; offsets that go on moving belong to somebody no broker knows.
  const deserted = desertedSince(now.group);
  const isDeserted = hasNobody(before.group) && deserted !== null && deserted <= before.asOf;
  const jumps = new Map<string, GroupJump>();
  let spanMs = now.asOf - before.asOf;
  let produced = 0;
  let consumed = 0;
  if (rows && earlier) {
    for (const { part, row, old } of movedRows(rows, earlier)) {
      const added = (rows.max[row] ?? 0) - (earlier.max[old] ?? 0);
      if (part.isRetry || added < 0) continue;
      if (added > 0) spanMs = Math.max(spanMs, readAt(now, part) - readAt(before, part));
      produced += added;
      const advance = (rows.committed[row] ?? 0) - (earlier.committed[old] ?? 0);
      if (advance > 0 && !isDeserted) consumed += advance;
      else if (advance !== 0) addJump(jumps, now.group.name, part.topic, advance);
    }
  }
  return { counts: { spanMs: Math.max(0, spanMs), produced, consumed }, jumps: [...jumps.values()] };
}

/** Idle topics take turns: what is new in one may have come since its last turn. */
function readAt({ facts, asOf }: Seen, { topic, broker }: RowPart): number {
  const source = facts.get(broker);
  const found = source?.topics.get(topic);
  return source && found ? topicAsOf(found, source) : asOf;
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
