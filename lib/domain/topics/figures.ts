import { type Known, known, unknown } from '@/lib/contract/primitives';
import type { SnapshotTopic } from '../snapshot/snapshot';

/** Messages kept: Σ (max − min) over the queues known. Nothing seen of a partly known topic is unknown, not zero. */
export function keptOf(topic: SnapshotTopic, asOf: number): Known<number> {
  const kept = topic.queues.reduce((sum, { minOffset, maxOffset }) => sum + Math.max(0, maxOffset - minOffset), 0);
  return topic.partial && kept === 0 ? unknown(topic.partial) : known(kept, asOf);
}

/** When the newest message was stored, epoch ms; null when no queue holds one. */
export function lastStoredOf(topic: Pick<SnapshotTopic, 'queues'>): number | null {
  const last = Math.max(0, ...topic.queues.map(({ lastStoredAt }) => lastStoredAt ?? 0));
  return last > 0 ? last : null;
}
