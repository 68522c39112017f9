import { ByteCursor } from './byte-cursor';
import { parseFastjson } from './fastjson';
import { entriesOf, integerOf, requireObject } from './fastjson-fields';

/** Stored offsets of one group in one topic. */
export interface OffsetEntry {
  topic: string;
  group: string;
  /** Broadcast groups of 5.x store the offset of their slowest client. */
  isBroadcast: boolean;
  /** By queue id, with holes. As somebody wrote them: may be negative or ahead of the queue; null beyond 2^53. */
  offsets: readonly (number | null)[];
}

export interface OffsetTable {
  /** Those that are the same as in the table before are the same objects. */
  entries: readonly OffsetEntry[];
  body: Buffer;
  /** Where each entry lies in the body: start, end, start, … */
  places: readonly number[];
}

const FIELD = Buffer.from('"offsetTable":{');
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const MAX_QUEUE_ID = 999_999_999;

/**
 * `{"offsetTable":{"T@g1":{0:5,1:6},"T@g2@broadcast":{0:1}}}`. A broker of a large cluster says megabytes of which little has
 * changed: entries with the bytes of the table before are taken from there. Keys that are not `topic@group` are skipped.
 *
 * @throws CodecError for anything else than one complete object.
 */
export function readOffsetTable(body: Buffer, before?: OffsetTable): OffsetTable {
  if (before && body.equals(before.body)) return before;
  return readPlain(body, before) ?? readAny(body);
}

/** The way servers write it: no spaces, no escapes, bare queue ids. Null for any other. */
function readPlain(body: Buffer, before: OffsetTable | undefined): OffsetTable | null {
  const field = body.indexOf(FIELD);
  if (field < 0) return null;
  const entries: OffsetEntry[] = [];
  const places: number[] = [];
  let at = field + FIELD.length;
  const table = { entries, body, places };
  if (body[at] === CLOSE) return table;
  for (;;) {
    const known = before?.entries[entries.length];
    const from = before?.places[2 * entries.length] ?? 0;
    const length = (before?.places[2 * entries.length + 1] ?? 0) - from;
    let end = at + length;
    if (known && before && end < body.length && body.compare(before.body, from, from + length, at, end) === 0) {
      entries.push(known);
      places.push(at, end);
    } else {
      end = body.indexOf(CLOSE, at) + 1;
      const entry = end > 0 ? readEntry(body, at, end) : null;
      if (entry === null) return null;
      if (entry !== 'skipped') {
        entries.push(entry);
        places.push(at, end);
      }
    }
    if (body[end] === CLOSE) return end < body.length - 1 ? table : null;
    if (body[end] !== COMMA) return null;
    at = end + 1;
  }
}

function readEntry(body: Buffer, start: number, end: number): OffsetEntry | 'skipped' | null {
  const close = body.indexOf(QUOTE, start + 1);
  if (body[start] !== QUOTE || close < 0 || body[close + 1] !== COLON || body[close + 2] !== OPEN) return null;
  if (body.subarray(start, close).includes(BACKSLASH)) return null;
  const offsets: (number | null)[] = [];
  const cursor = new ByteCursor(body, close + 3);
  const last = end - 1;
  while (cursor.at < last) {
    if (!cursor.integer() || cursor.value < 0 || cursor.value > MAX_QUEUE_ID || !cursor.byte(COLON)) return null;
    const queueId = cursor.value;
    if (!cursor.integer()) return null;
    offsets[queueId] = cursor.value;
    if (cursor.at !== last && !cursor.byte(COMMA)) return null;
  }
  return entryOf(body.toString('utf8', start + 1, close), offsets) ?? 'skipped';
}

function readAny(body: Buffer): OffsetTable {
  const what = 'ConsumerOffsetSerializeWrapper';
  const { offsetTable } = requireObject(parseFastjson(body), what);
  const entries = entriesOf(offsetTable).flatMap(([key, table]) => {
    const offsets: (number | null)[] = [];
    for (const [queue, offset] of entriesOf(table)) {
      const queueId = integerOf(String(queue));
      if (queueId !== null && queueId >= 0) offsets[queueId] = integerOf(offset);
    }
    return entryOf(String(key), offsets) ?? [];
  });
  return { entries, body, places: [] };
}

function entryOf(key: string, offsets: (number | null)[]): OffsetEntry | null {
  const [topic, group, suffix] = key.split('@');
  return topic && group ? { topic, group, isBroadcast: suffix === 'broadcast', offsets } : null;
}
