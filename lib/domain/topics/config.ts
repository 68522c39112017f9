import type { TopicDetail } from '@/lib/contract/topics';
import { oncePer } from '../once-per';
import type { SnapshotTopic } from '../snapshot/snapshot';

/** Configuration per broker in RocketMQ's own names, and the keys on which brokers differ. */
export function configOf(topic: SnapshotTopic): Pick<TopicDetail, 'config' | 'differs'> {
  const config = topic.config.map(({ broker, readQueues, writeQueues, perm, order, attributes }) => ({
    broker,
    values: {
      readQueueNums: String(readQueues),
      writeQueueNums: String(writeQueues),
      perm: permText(perm),
      order: String(order),
      ...attributes,
    } as Record<string, string>,
  }));
  const keys = new Set(config.flatMap(({ values }) => Object.keys(values)));
  return { config, differs: [...keys].filter((key) => new Set(config.map(({ values }) => values[key])).size > 1) };
}

/** Brokers differ on its configuration. A topic of which nothing has changed is the same object from sweep to sweep. */
export const hasDifferences = oncePer((topic: SnapshotTopic) => configOf(topic).differs.length > 0);

/** `PermName.java`: 4 read, 2 write. */
const permText = (perm: number): string => `${perm} (${perm & 4 ? 'R' : '-'}${perm & 2 ? 'W' : '-'})`;
