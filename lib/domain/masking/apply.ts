import { matchesAny } from '@/lib/contract/granted';
import { MASKED } from '@/lib/contract/masking';
import type { MessageRow } from '@/lib/contract/messages';
import { readBody } from '@/lib/rocketmq/codec/body-codec';
import { type MessageProperties, noProperties } from '@/lib/rocketmq/codec/message-properties';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { hasMoreParts } from '../messages/json-path';
import { type Mask, toldAs } from './mask';
import { maskJson } from './mask-json';
import { isMaskable, KEY_PROPERTIES } from './maskable';

/** Inflating and parsing more would hold up everybody else; then all of the body is hidden. */
const MAX_PARSED_BYTES = 512 * 1024;
const MOST_PARTS = 50_000;
const MARK_PREFIX = 'RDX_';

/** Whether the value of a property is hidden; tags and what RocketMQ or a job of ours set are not. */
export function hidesProperty(mask: Mask, name: string): boolean {
  if (KEY_PROPERTIES.includes(name)) return mask.keys;
  return isMaskable(name) && !name.startsWith(MARK_PREFIX) && matchesAny(mask.properties, name);
}

type Said = Pick<MessageRow, 'keys' | 'cause' | 'masked'>;

/** A row with what its mask leaves. */
export function maskRow<Row extends Said>(row: Row, mask: Mask | null): Row {
  if (!mask) return row;
  const isCauseHidden = row.cause ? hidesProperty(mask, row.cause.property) : mask.by.length === 0;
  return {
    ...row,
    keys: mask.keys ? [] : row.keys,
    cause: isCauseHidden ? null : row.cause,
    masked: toldAs(mask, [...(mask.keys ? ['keys'] : []), ...(isCauseHidden ? ['cause'] : [])]),
  };
}

/**
 * A record of which nothing is left but what the mask leaves, and what of it is hidden: `body` is then empty, or JSON
 * with marks in it. Sizes are those of the new body.
 */
export function maskRecord(record: StoredMessage, mask: Mask): { record: StoredMessage; parts: string[] } {
  const body = maskBody(record, mask);
  const { properties, names } = maskProperties(record.properties, mask);
  const left = { ...record, properties, ...(body && { storedBody: body.bytes, sysFlag: PLAIN }) };
  return { record: left, parts: [...(mask.keys ? ['keys'] : []), ...(body?.parts ?? []), ...names] };
}

/** No compression. */
const PLAIN = 0;

function maskProperties(properties: MessageProperties, mask: Mask) {
  const left = noProperties();
  const names: string[] = [];
  for (const [name, value] of Object.entries(properties)) {
    const isHidden = hidesProperty(mask, name);
    left[name] = isHidden ? MASKED : value;
    if (isHidden) names.push(`properties.${name}`);
  }
  return { properties: left, names };
}

function maskBody(
  { storedBody, sysFlag }: Pick<StoredMessage, 'storedBody' | 'sysFlag'>,
  { body, paths }: Mask,
): { bytes: Buffer; parts: string[] } | null {
  if (!body && paths.length === 0) return null;
  const content = body || storedBody.length > MAX_PARSED_BYTES ? null : readBody(storedBody, sysFlag, MAX_PARSED_BYTES);
  const text =
    content && 'body' in content && !hasMoreParts(content.body, MOST_PARTS)
      ? maskJson(
          content.body.toString(),
          paths.map(({ steps }) => steps),
        )
      : null;
  if (text === null) return { bytes: Buffer.alloc(0), parts: ['body'] };
  return { bytes: Buffer.from(text), parts: paths.map(({ path }) => path) };
}
