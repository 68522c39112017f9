import type { LetterEdit } from '@/lib/contract/plans';
import { readBody } from '@/lib/rocketmq/codec/body-codec';
import { isReservedProperty } from '@/lib/rocketmq/codec/message-properties';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { isText } from '../messages/body-view';

/** What of a letter can be edited. RocketMQ's own properties and the marks of earlier jobs cannot. */
export interface Editable {
  /** Null: not UTF-8 text, or cannot be inflated. */
  body: string | null;
  keys: string;
  tag: string;
  properties: Record<string, string>;
}

const MARK_PREFIX = 'RDX_';
export const isEditableName = (name: string): boolean => !isReservedProperty(name) && !name.startsWith(MARK_PREFIX);

export function editableOf({ storedBody, sysFlag, properties }: StoredMessage): Editable {
  const content = readBody(storedBody, sysFlag);
  return {
    body: 'body' in content && isText(content.body) ? content.body.toString('utf8') : null,
    keys: properties.KEYS ?? '',
    tag: properties.TAGS ?? '',
    properties: Object.fromEntries(Object.entries(properties).filter(([name]) => isEditableName(name))),
  };
}

/** `body`, `KEYS`, `TAGS` and the names of properties that the edit adds, removes or sets to something else. */
export function changedBy(edit: LetterEdit, before: Editable): string[] {
  const names = new Set([...Object.keys(before.properties), ...Object.keys(edit.properties)]);
  const read = (of: Record<string, string>, name: string) => (Object.hasOwn(of, name) ? of[name] : undefined);
  return [
    ...(edit.body !== undefined && edit.body !== before.body ? ['body'] : []),
    ...(edit.keys !== before.keys ? ['KEYS'] : []),
    ...(edit.tag !== before.tag ? ['TAGS'] : []),
    ...[...names].filter((name) => read(edit.properties, name) !== read(before.properties, name)).sort(),
  ];
}
