import { crc32 } from 'node:zlib';
import { readBody } from './body-codec';
import { CodecError } from './codec-error';
import { createOffsetMessageId, formatHost } from './message-id';
import { decodeProperties, type MessageProperties } from './message-properties';
import { RecordReader } from './record-reader';

/** One record of a commit log (`MessageExt`). Times are epoch ms. */
export interface StoredMessage {
  topic: string;
  queueId: number;
  queueOffset: number;
  /** Commit log position; all messages of an inner batch share it. */
  physicalOffset: number;
  /** Bytes of the whole record. */
  storeSize: number;
  /** `MessageSysFlag`; see `readBody` for the compression bits. */
  sysFlag: number;
  /** The user's flag. */
  flag: number;
  /** Producer's clock; null when it sent no possible time. */
  bornAt: number | null;
  bornHost: string;
  /** Broker's clock. */
  storedAt: number;
  storeHost: string;
  reconsumeTimes: number;
  preparedTransactionOffset: number | null;
  /** Over the stored bytes, 31 bits. */
  bodyCrc: number;
  crcOk: boolean;
  /** As stored, possibly compressed. */
  storedBody: Buffer;
  properties: MessageProperties;
  offsetMessageId: string;
}

export interface DamagedRecord {
  /** Byte position in the body. */
  at: number;
  reason: string;
}

const MAGIC_V1 = 0xdaa320a7;
const MAGIC_V2 = 0xdaa320ab;
const SMALLEST_RECORD = 91;
export const BORN_HOST_V6 = 0x10;
export const STORE_HOST_V6 = 0x20;
const INNER_BATCH = 0x80 | 0x40;
const COMPRESSION = 0x701;

/**
 * Decodes the records of a PULL, QUERY or VIEW body (`MessageDecoder.decodes`). Unlike the Java client it
 * steps over a damaged record by its size, so that the following ones are not lost; only a size that
 * leads nowhere ends the walk. Inner batches are expanded.
 */
export function decodeStoredMessages(body: Buffer): { messages: StoredMessage[]; damaged: DamagedRecord[] } {
  return walkRecords(body, decodeRecord);
}

/** The same for what `decode` makes of the bytes of a record, which takes inner batches for one message. */
export function walkRecords<Message extends Pick<StoredMessage, 'sysFlag'>>(
  body: Buffer,
  decode: (body: Buffer, from: number, to: number) => Message,
): { messages: (Message | StoredMessage)[]; damaged: DamagedRecord[] } {
  const messages: (Message | StoredMessage)[] = [];
  const damaged: DamagedRecord[] = [];
  for (let at = 0; at < body.length; ) {
    const size = body.length - at < 8 ? 0 : body.readInt32BE(at);
    if (size < SMALLEST_RECORD || at + size > body.length) {
      damaged.push({ at, reason: `record size ${size} in ${body.length - at} bytes` });
      break;
    }
    try {
      const message = decode(body, at, at + size);
      if ((message.sysFlag & INNER_BATCH) !== INNER_BATCH) messages.push(message);
      else messages.push(...expandInnerBatch(decodeRecord(body, at, at + size)));
    } catch (error) {
      damaged.push({ at, reason: error instanceof CodecError ? error.reason : String(error) });
    }
    at += size;
  }
  return { messages, damaged };
}

/** Reads the magic; what differs between the versions is the length of the topic's length. */
export function isFirstVersion(reader: RecordReader): boolean {
  const magic = reader.uint32();
  if (magic !== MAGIC_V1 && magic !== MAGIC_V2) throw reader.error(`unknown magic ${magic.toString(16)}`);
  return magic === MAGIC_V1;
}

function decodeRecord(source: Buffer, from: number, to: number): StoredMessage {
  const reader = new RecordReader(source, from, to);
  const storeSize = reader.int32();
  const isV1 = isFirstVersion(reader);
  const bodyCrc = reader.int32();
  const queueId = reader.int32();
  const flag = reader.int32();
  const queueOffset = reader.requireInt64('queue offset');
  const physicalOffset = reader.requireInt64('physical offset');
  const sysFlag = reader.int32();
  const bornAt = reader.int64();
  const bornHost = hostOf(reader, sysFlag & BORN_HOST_V6 ? 20 : 8);
  const storedAt = reader.requireInt64('store timestamp');
  const storeHost = hostOf(reader, sysFlag & STORE_HOST_V6 ? 20 : 8);
  const reconsumeTimes = reader.int32();
  const preparedTransactionOffset = reader.int64();
  const storedBody = reader.bytes(reader.int32());
  const topic = reader.text(isV1 ? reader.uint8() : reader.uint16());
  const properties = decodeProperties(reader.text(reader.int16()));
  return {
    topic,
    queueId,
    queueOffset,
    physicalOffset,
    storeSize,
    sysFlag,
    flag,
    bornAt,
    bornHost: bornHost.text,
    storedAt,
    storeHost: storeHost.text,
    reconsumeTimes,
    preparedTransactionOffset,
    bodyCrc,
    crcOk: (crc32(storedBody) & 0x7fffffff) === (bodyCrc & 0x7fffffff),
    storedBody,
    properties,
    offsetMessageId: storeHost.idAt(physicalOffset),
  };
}

interface Host {
  text: string;
  idAt(physicalOffset: number): string;
}
const MOST_HOSTS = 2000;
const hosts = new Map<number, Host>();

/** A cluster has few hosts and many records: what an IPv4 one is called is worked out once. */
function hostOf(reader: RecordReader, length: 8 | 20): Host {
  const key = length === 8 ? reader.peekHost() : null;
  const known = key === null ? undefined : hosts.get(key);
  if (known) {
    reader.skip(length);
    return known;
  }
  const host = reader.bytes(length);
  const prefix = createOffsetMessageId(host, 0).slice(0, -16);
  const made: Host = {
    text: formatHost(host),
    idAt: (at) => prefix + hexOf(at),
  };
  if (hosts.size >= MOST_HOSTS) hosts.clear();
  if (key !== null) hosts.set(key, made);
  return made;
}

const hexOf = (value: number): string => createOffsetMessageId(NO_HOST, value);
const NO_HOST = Buffer.alloc(0);

/** A batch that cannot be read stays one message, with `INNER_NUM` among its properties. */
function expandInnerBatch(record: StoredMessage): StoredMessage[] {
  const content = readBody(record.storedBody, record.sysFlag);
  if (!('body' in content)) return [record];
  try {
    const batch = decodeBatch(content.body);
    if (batch.length === 0) return [record];
    return batch.map((inner, index) => ({
      ...record,
      ...inner,
      queueOffset: record.queueOffset + index,
      sysFlag: record.sysFlag & ~(INNER_BATCH | COMPRESSION),
    }));
  } catch {
    return [record];
  }
}

/**
 * Messages of a batch body (`MessageDecoder.encodeMessage`): `int32 size, int32 magic, int32 bodyCRC,
 * int32 flag, int32 bodyLength, body, int16 propertiesLength, properties` each; size includes itself.
 *
 * @throws CodecError when one of them is damaged.
 */
export function decodeBatch(body: Buffer): Pick<StoredMessage, 'flag' | 'storedBody' | 'properties'>[] {
  const reader = new RecordReader(body);
  const messages: Pick<StoredMessage, 'flag' | 'storedBody' | 'properties'>[] = [];
  while (reader.remaining > 0) {
    const inner = new RecordReader(reader.bytes(reader.int32() - 4));
    inner.bytes(8);
    const flag = inner.int32();
    const storedBody = inner.bytes(inner.int32());
    messages.push({ flag, storedBody, properties: decodeProperties(inner.bytes(inner.int16())) });
  }
  return messages;
}
