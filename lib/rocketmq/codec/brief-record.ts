import { type MessageProperties, noProperties } from './message-properties';
import { RecordReader } from './record-reader';
import { BORN_HOST_V6, isFirstVersion, STORE_HOST_V6, type StoredMessage, walkRecords } from './stored-message';

/** What is read of records where there are millions of them; `properties` has only those that are wanted. */
export type BriefRecord = Pick<
  StoredMessage,
  | 'topic'
  | 'queueId'
  | 'queueOffset'
  | 'physicalOffset'
  | 'sysFlag'
  | 'bornAt'
  | 'storedAt'
  | 'reconsumeTimes'
  | 'storedBody'
  | 'properties'
>;

/** Decodes like `decodeStoredMessages`, for a third of its time. */
export const briefDecoder = (isWanted: (property: string) => boolean) => {
  const names = new PropertyNames(isWanted);
  return (body: Buffer) => walkRecords<BriefRecord>(body, (source, from, to) => decodeBriefly(source, from, to, names));
};

function decodeBriefly(source: Buffer, from: number, to: number, names: PropertyNames): BriefRecord {
  const reader = new RecordReader(source, from, to);
  reader.skip(4);
  const isV1 = isFirstVersion(reader);
  reader.skip(4);
  const queueId = reader.int32();
  reader.skip(4);
  const queueOffset = reader.requireInt64('queue offset');
  const physicalOffset = reader.requireInt64('physical offset');
  const sysFlag = reader.int32();
  const bornAt = reader.int64();
  reader.skip(sysFlag & BORN_HOST_V6 ? 20 : 8);
  const storedAt = reader.requireInt64('store timestamp');
  reader.skip(sysFlag & STORE_HOST_V6 ? 20 : 8);
  const reconsumeTimes = reader.int32();
  reader.skip(8);
  const storedBody = reader.bytes(reader.int32());
  const topic = reader.text(isV1 ? reader.uint8() : reader.uint16());
  const length = reader.int16();
  const properties = names.read(source, reader.skip(length), length);
  return {
    topic,
    queueId,
    queueOffset,
    physicalOffset,
    sysFlag,
    bornAt,
    storedAt,
    reconsumeTimes,
    storedBody,
    properties,
  };
}

const NAME_VALUE = 1;
const PROPERTY = 2;
const MOST_NAMES = 2000;

interface Name {
  text: string;
  isWanted: boolean;
}

/** Properties as `decodeProperties` reads them, straight from the bytes: the same few names come a million times. */
class PropertyNames {
  /** By a hash of their bytes. */
  readonly #known = new Map<number, Name>();

  constructor(private readonly isWanted: (property: string) => boolean) {}

  read(source: Buffer, from: number, length: number): MessageProperties {
    const properties = noProperties();
    const end = from + length;
    let text = '';
    for (let at = from; at < end; ) {
      const begin = at;
      let hash = 0;
      let byte = source[at] ?? 0;
      while (at < end && byte !== NAME_VALUE && byte !== PROPERTY) {
        hash = (Math.imul(hash, 31) + byte) | 0;
        byte = source[++at] ?? 0;
      }
      const split = at;
      let all = 0;
      while (at < end && source[at] !== PROPERTY) all |= source[at++] ?? 0;
      if (split > begin && split < at) {
        const name = this.#nameAt(source, begin, split, hash);
        if (name.isWanted) {
          if (text === '') text = source.toString('latin1', from, end);
          const isAscii = all < 0x80;
          const value = isAscii ? text.slice(split + 1 - from, at - from) : source.toString('utf8', split + 1, at);
          properties[name.text] = value;
        }
      }
      at += 1;
    }
    return properties;
  }

  #nameAt(source: Buffer, from: number, to: number, hash: number): Name {
    const known = this.#known.get(hash);
    if (known && isAt(source, from, to, known.text)) return known;
    const text = source.toString('utf8', from, to);
    const name = { text, isWanted: this.isWanted(text) };
    if (this.#known.size >= MOST_NAMES) this.#known.clear();
    this.#known.set(hash, name);
    return name;
  }
}

/** False for a name that is not ASCII. */
function isAt(source: Buffer, from: number, to: number, text: string): boolean {
  if (text.length !== to - from) return false;
  for (let at = from; at < to; at++) if (source[at] !== text.charCodeAt(at - from)) return false;
  return true;
}
