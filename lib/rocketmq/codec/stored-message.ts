import { crc32 } from 'node:zlib';
import { readBody } from './body-codec';
import { CodecError } from './codec-error';
import { createOffsetMessageId, formatHost } from './message-id';
import { decodeProperties, type MessageProperties } from './message-properties';

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
const BORN_HOST_V6 = 0x10;
const STORE_HOST_V6 = 0x20;
const INNER_BATCH = 0x80 | 0x40;
const COMPRESSION = 0x701;

/**
 * Decodes the records of a PULL, QUERY or VIEW body (`MessageDecoder.decodes`). Unlike the Java client it
 * steps over a damaged record by its size, so that the following ones are not lost; only a size that
 * leads nowhere ends the walk. Inner batches are expanded.
 */
export function decodeStoredMessages(body: Buffer): { messages: StoredMessage[]; damaged: DamagedRecord[] } {
  const messages: StoredMessage[] = [];
  const damaged: DamagedRecord[] = [];
  for (let at = 0; at < body.length; ) {
    const size = body.length - at < 8 ? 0 : body.readInt32BE(at);
    if (size < SMALLEST_RECORD || at + size > body.length) {
      damaged.push({ at, reason: `record size ${size} in ${body.length - at} bytes` });
      break;
    }
    try {
      const message = decodeRecord(body, at, at + size);
      if ((message.sysFlag & INNER_BATCH) === INNER_BATCH) messages.push(...expandInnerBatch(message));
      else messages.push(message);
    } catch (error) {
      damaged.push({ at, reason: error instanceof CodecError ? error.reason : String(error) });
    }
    at += size;
  }
  return { messages, damaged };
}

function decodeRecord(source: Buffer, from: number, to: number): StoredMessage {
  const reader = new RecordReader(source, from, to);
  const storeSize = reader.int32();
  const magic = reader.uint32();
  if (magic !== MAGIC_V1 && magic !== MAGIC_V2) throw reader.error(`unknown magic ${magic.toString(16)}`);
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
  const topic = reader.text(magic === MAGIC_V1 ? reader.uint8() : reader.uint16());
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

class RecordReader {
  private at: number;
  constructor(
    private readonly source: Buffer,
    private readonly from = 0,
    private readonly end = source.length,
  ) {
    this.at = from;
  }

  get remaining(): number {
    return this.end - this.at;
  }
  skip(length: number): number {
    if (length < 0 || length > this.remaining) throw this.error(`length ${length} of a field`);
    const at = this.at;
    this.at += length;
    return at;
  }
  bytes(length: number): Buffer {
    const at = this.skip(length);
    return this.source.subarray(at, at + length);
  }
  text(length: number): string {
    const at = this.skip(length);
    return this.source.toString('utf8', at, at + length);
  }
  uint8(): number {
    return this.source.readUInt8(this.skip(1));
  }
  uint16(): number {
    return this.source.readUInt16BE(this.skip(2));
  }
  int16(): number {
    return this.source.readInt16BE(this.skip(2));
  }
  int32(): number {
    return this.source.readInt32BE(this.skip(4));
  }
  uint32(): number {
    return this.source.readUInt32BE(this.skip(4));
  }
  /** Null beyond 2^53. */
  int64(): number | null {
    const at = this.skip(8);
    const value = this.source.readInt32BE(at) * 0x1_0000_0000 + this.source.readUInt32BE(at + 4);
    return Number.isSafeInteger(value) ? value : null;
  }
  /** An IPv4 address and its port as one number; both stay unread. */
  peekHost(): number | null {
    const port = this.remaining < 8 ? -1 : this.source.readInt32BE(this.at + 4);
    return port < 0 || port > 0xffff ? null : this.source.readUInt32BE(this.at) * 0x1_0000 + port;
  }
  requireInt64(field: string): number {
    const value = this.int64();
    if (value === null) throw this.error(`${field} beyond 2^53`);
    return value;
  }
  error(reason: string): CodecError {
    return new CodecError('stored record', reason, this.at - this.from);
  }
}
