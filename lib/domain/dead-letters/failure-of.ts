import { readBody } from '@/lib/rocketmq/codec/body-codec';
import type { BriefRecord } from '@/lib/rocketmq/codec/brief-record';
import type { NewFailure } from '@/lib/store/new-letters';
import type { causeOf } from '../messages/cause';
import { originTopicOf } from '../messages/origin-topic';
import { tagOf } from '../messages/row';

/** Larger bodies are not looked into: what they look alike in is then their size class only. */
const MAX_PARSED_BYTES = 64 * 1024;
const MAX_FIELDS = 12;
const MAX_LABEL = 200;

/** What is behind a letter, as far as it tells itself: the error the application wrote into it, else what it looks like. */
export type FailureShape = { topic: string | null; tag: string | null; format: BodyFormat; fields: string[] };
export type BodyFormat = 'json' | 'text' | 'binary' | 'empty' | 'large';

/**
 * The failure a letter belongs to. Texts that differ only in ids and numbers are one failure. Without an error property
 * letters of one topic, tag and shape of body belong together; `label` is then a {@link FailureShape} as JSON.
 */
export function failureOf(record: BriefRecord, group: string, cause: ReturnType<typeof causeOf>): NewFailure {
  if (cause) {
    const text = (cause.text.split('\n', 1)[0] ?? '').trim().slice(0, MAX_LABEL);
    return { kind: 'property', key: `${cause.property} ${withoutIds(text)}`, label: text };
  }
  const shape: FailureShape = { topic: originTopicOf(record, group), tag: tagOf(record), ...shapeOf(record) };
  const label = JSON.stringify(shape);
  return { kind: 'shape', key: label, label };
}

/** Name of the property that a failure of kind `property` was told by. */
export const propertyOf = (key: string): string => key.slice(0, key.indexOf(' '));

/** Hexadecimal ids of eight and more digits, and numbers, are what differs between two messages of one failure. */
const withoutIds = (text: string): string =>
  text.replace(/0x[0-9a-f]+|\b(?=[0-9a-f-]*\d)[0-9a-f]{8}[0-9a-f-]*\b|\d+/gi, '#');

function shapeOf({ storedBody, sysFlag }: BriefRecord): Pick<FailureShape, 'format' | 'fields'> {
  if (storedBody.length === 0) return { format: 'empty', fields: [] };
  if (storedBody.length > MAX_PARSED_BYTES) return { format: 'large', fields: [] };
  const content = readBody(storedBody, sysFlag, MAX_PARSED_BYTES);
  if ('unreadable' in content) return { format: content.unreadable === 'too_large' ? 'large' : 'binary', fields: [] };
  const first = content.body[0];
  if (first === 0x7b || first === 0x5b) {
    try {
      const value: unknown = JSON.parse(content.body.toString());
      const fields = Array.isArray(value) ? ['[]'] : Object.keys(value as object).sort();
      return { format: 'json', fields: fields.slice(0, MAX_FIELDS) };
    } catch {
      return { format: 'text', fields: [] };
    }
  }
  return { format: content.body.includes(0) ? 'binary' : 'text', fields: [] };
}
