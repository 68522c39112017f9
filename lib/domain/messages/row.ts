import type { MessageRow } from '@/lib/contract/messages';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { causeOf } from './cause';
import { originTopicOf } from './origin-topic';
import { recordIdOf } from './record-id';

/** A stored record as a row of a list. `group` helps to strip the retry topics of POP consumers. */
export function rowOf(broker: string, record: StoredMessage, group?: string): MessageRow {
  return {
    id: recordIdOf({ broker, physicalOffset: record.physicalOffset }),
    topic: record.topic,
    broker,
    queueId: record.queueId,
    queueOffset: record.queueOffset,
    uniqKey: uniqKeyOf(record),
    keys: keysOf(record),
    tag: tagOf(record),
    bornAt: bornAtOf(record),
    storedAt: record.storedAt,
    reconsumeTimes: record.reconsumeTimes,
    originTopic: originTopicOf(record, group),
    cause: causeOf(record.properties),
    bodyBytes: record.storedBody.length,
    masked: null,
  };
}

type Properties = Pick<StoredMessage, 'properties'>;

export const uniqKeyOf = ({ properties }: Properties): string | null => properties.UNIQ_KEY || null;
/** Third part of a dead letter's identity, beside broker and physical offset; empty when it has no unique key. */
export const sourceUniqKey = ({ properties }: Properties): string => properties.UNIQ_KEY ?? '';
export const tagOf = ({ properties }: Properties): string | null => properties.TAGS || null;
export const keysOf = ({ properties }: Properties): string[] => (properties.KEYS ?? '').split(' ').filter(Boolean);

/** A producer that sent no possible time is given the time of storing. */
export const bornAtOf = (record: Pick<StoredMessage, 'bornAt' | 'storedAt'>): number =>
  record.bornAt !== null && Number.isSafeInteger(record.bornAt) ? record.bornAt : record.storedAt;
