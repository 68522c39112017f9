import { isReservedProperty } from '@/lib/rocketmq/codec/message-properties';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { FrozenEdit } from '../redrive/input';
import { keptSysFlag, type Marker, type RedriveProperties, redriveProperties } from '../redrive/properties';

interface To {
  destination: Parameters<typeof redriveProperties>[1]['destination'];
  group: string;
  originTopic: string | null;
  marker: Marker;
  /** Of a copy that is not edited; missing: it keeps the id of its letter. */
  newUniqKey?: string | undefined;
}
export interface Copy extends RedriveProperties {
  body: Buffer;
  sysFlag: number;
}

/** What is sent for a letter: its bytes and properties as they are, or as edited, which always has an id of its own. */
export function copyOf(record: StoredMessage, edit: FrozenEdit | undefined, to: To): Copy {
  if (!edit) {
    const { properties, storedBody: body, sysFlag } = record;
    return { ...redriveProperties(properties, to), body, sysFlag: keptSysFlag(sysFlag) };
  }
  const own = Object.entries(record.properties).filter(
    ([name]) => isReservedProperty(name) && name !== 'KEYS' && name !== 'TAGS',
  );
  const edited = Object.fromEntries([
    ...Object.entries(edit.properties),
    ...own,
    ...(edit.keys === '' ? [] : [['KEYS', edit.keys]]),
    ...(edit.tag === '' ? [] : [['TAGS', edit.tag]]),
  ]) as Record<string, string>;
  const made = redriveProperties(edited, { ...to, newUniqKey: edit.uniqKey });
  return edit.body === null
    ? { ...made, body: record.storedBody, sysFlag: keptSysFlag(record.sysFlag) }
    : { ...made, body: Buffer.from(edit.body, 'utf8'), sysFlag: 0 };
}
