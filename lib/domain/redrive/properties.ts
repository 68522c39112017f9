import { encodeProperties, isReservedProperty } from '@/lib/rocketmq/codec/message-properties';

/** Where a copy goes: the group's own retry topic, one of its POP retry topics, or a business topic. */
export type Destination = 'retry' | 'pop' | 'topic';

export interface Marker {
  operationId: string;
  n: number;
  k: number;
  /** Record id of the letter. */
  source: string;
}

export interface RedriveProperties {
  properties: Record<string, string>;
  /** Names of the letter that the copy does not have. */
  dropped: string[];
  /** Names the copy has that the letter had not, or had with another value. */
  set: string[];
}

/** RocketMQ's own names that a copy keeps wherever it goes; all others are dropped unless the table below says more. */
const KEPT = new Set(['KEYS', 'TAGS', 'UNIQ_KEY', '__SHARDINGKEY', 'TRACE_CONTEXT']);
const MARKER_PREFIX = 'RDX_';

/**
 * Properties of a redriven message: the table of safety §5.5.1. What RocketMQ set on the way to the dead-letter queue
 * must not travel on: `TRAN_MSG` would make the copy a half message nobody sees, `DELAY` and `TIMER_*` would park it.
 */
export function redriveProperties(
  letter: Readonly<Record<string, string>>,
  to: {
    destination: Destination;
    group: string;
    originTopic: string | null;
    marker: Marker;
    newUniqKey?: string | undefined;
  },
): RedriveProperties {
  const { destination, group, originTopic, marker, newUniqKey } = to;
  const travels = (name: string) => KEPT.has(name) || (!isReservedProperty(name) && !name.startsWith(MARKER_PREFIX));
  // Made from entries: an application may call a property `__proto__`.
  const properties = Object.fromEntries(Object.entries(letter).filter(([name]) => travels(name)));
  if (destination === 'retry' && originTopic !== null) properties.RETRY_TOPIC = originTopic;
  if (destination === 'pop') properties.ORIGIN_GROUP = group;
  if (letter.ORIGIN_MESSAGE_ID) {
    properties[destination === 'topic' ? 'RDX_ORIGIN' : 'ORIGIN_MESSAGE_ID'] = letter.ORIGIN_MESSAGE_ID;
  }
  if (newUniqKey !== undefined) {
    if (letter.UNIQ_KEY) properties.RDX_ORIGIN_UNIQ_KEY = letter.UNIQ_KEY;
    properties.UNIQ_KEY = newUniqKey;
  }
  properties.RDX_OP = marker.operationId;
  properties.RDX_N = String(marker.n);
  properties.RDX_K = String(marker.k);
  properties.RDX_SRC = marker.source;
  return {
    properties,
    dropped: Object.keys(letter).filter((name) => !Object.hasOwn(properties, name)),
    set: Object.keys(properties).filter((name) => properties[name] !== letter[name]),
  };
}

// A broker stores at most 32,767 bytes and adds its own (MSG_REGION, CLUSTER, and on the retry ladder REAL_TOPIC, DELAY …).
const MAX_BYTES = 32_767 - 512;

export const fitsIn = (properties: Readonly<Record<string, string>>): boolean =>
  Buffer.byteLength(encodeProperties(properties)) <= MAX_BYTES;

/** Compression bits; transaction, batch and host bits are the broker's. */
export const keptSysFlag = (sysFlag: number): number => sysFlag & 0x701;

/** Whether a record is the copy of this item, whatever its attempt. */
export const isCopyOf = (properties: Readonly<Record<string, string>>, operationId: string, n: number): boolean =>
  properties.RDX_OP === operationId && properties.RDX_N === String(n);
