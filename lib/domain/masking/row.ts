import type { MessageRow } from '@/lib/contract/messages';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { rowOf } from '../messages/row';
import { maskRow } from './apply';
import type { MaskOf } from './mask';

/** {@link rowOf} with what the reader may see of it. */
export function maskedRow(broker: string, record: StoredMessage, maskOf: MaskOf, group?: string): MessageRow {
  const row = rowOf(broker, record, group);
  return maskRow(row, maskOf(row.originTopic));
}
