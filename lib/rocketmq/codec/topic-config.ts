import type { FastjsonValue } from './fastjson';
import { booleanOf, entriesOf, integerOf, requireInteger, requireObject, textOf } from './fastjson-fields';
import { isObject } from './fastjson-references';

export interface TopicConfig {
  topicName: string;
  readQueueNums: number;
  writeQueueNums: number;
  /** Bits: 4 read, 2 write, 1 inherit. */
  perm: number;
  /** Bits: 1 unit, 2 unit subscription. */
  topicSysFlag: number;
  order: boolean;
  topicFilterType: string;
  /** Such as `message.type`; empty before 5.0. */
  attributes: Record<string, string>;
}

/** `TopicConfig`; `name` is the key of the table it lay in. */
export function topicConfigOf(value: FastjsonValue, name?: string): TopicConfig {
  const config = requireObject(value, 'TopicConfig');
  return {
    topicName: textOf(config.topicName) ?? name ?? '',
    readQueueNums: requireInteger(config, 'readQueueNums', 'TopicConfig'),
    writeQueueNums: requireInteger(config, 'writeQueueNums', 'TopicConfig'),
    perm: requireInteger(config, 'perm', 'TopicConfig'),
    topicSysFlag: integerOf(config.topicSysFlag) ?? 0,
    order: booleanOf(config.order) ?? false,
    topicFilterType: textOf(config.topicFilterType) ?? 'SINGLE_TAG',
    attributes: textRecordOf(config.attributes),
  };
}

const EMPTY: Record<string, string> = Object.freeze(Object.create(null));

/** String-valued entries as a null-prototype record. */
export function textRecordOf(value: FastjsonValue | undefined): Readonly<Record<string, string>> {
  if (isObject(value) && Object.keys(value).length === 0) return EMPTY;
  const record: Record<string, string> = Object.create(null);
  for (const [key, text] of entriesOf(value)) {
    if (typeof key === 'string' && typeof text === 'string') record[key] = text;
  }
  return record;
}
