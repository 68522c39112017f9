import type { TraceReply } from '@/lib/contract/trace';
import { recordIdOf } from '../messages/record-id';
import { bornAtOf, keysOf, tagOf } from '../messages/row';
import type { Copy } from './index-search';
import { roleOf, type TopicRole } from './topics';

export type Stored = TraceReply['stored'][number];

const ORDER: TopicRole[] = ['business', 'parked', 'waiting', 'retry', 'dead'];
const rankOf = ({ record }: Copy): number =>
  record.properties.RDX_OP ? ORDER.length : ORDER.indexOf(roleOf(record.topic));

/** Business topic first, then what waited, retries, dead letters, and copies that our jobs made. */
export function storedOf(copies: readonly Copy[]): Stored[] {
  return [...copies]
    .sort((a, b) => rankOf(a) - rankOf(b) || a.record.storedAt - b.record.storedAt)
    .map(({ broker, record }) => ({
      id: recordIdOf({ broker, physicalOffset: record.physicalOffset }),
      topic: record.topic,
      broker,
      queueId: record.queueId,
      queueOffset: record.queueOffset,
      storedAt: record.storedAt,
      bornAt: bornAtOf(record),
      bornHost: record.bornHost,
      offsetMessageId: record.offsetMessageId,
      reconsumeTimes: record.reconsumeTimes,
      tag: tagOf(record),
      keys: keysOf(record),
      jobId: record.properties.RDX_OP || null,
    }));
}
