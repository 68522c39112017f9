import type { RemotingCommand } from './command';

type Header = Omit<RemotingCommand, 'body'>;

/** Header serialisations, the top byte of the header length word (`SerializeType.java`). */
export const JSON_HEADER = 0;
export const ROCKETMQ_HEADER = 1;

/** Positions are the codes of `LanguageCode.java`. */
const LANGUAGES = [
  'JAVA',
  'CPP',
  'DOTNET',
  'PYTHON',
  'DELPHI',
  'ERLANG',
  'RUBY',
  'OTHER',
  'HTTP',
  'GO',
  'PHP',
  'OMS',
  'RUST',
  'NODE_JS',
];

/** Always JSON: the binary header has 16 bits for the code and truncates those above 32767. */
export function encodeHeader({ code, language, version, opaque, flag, remark, extFields }: Header): string {
  const hasFields = Object.keys(extFields).length > 0;
  return JSON.stringify({
    code,
    language,
    version,
    opaque,
    flag,
    remark,
    extFields: hasFields ? extFields : undefined,
  });
}

/** The command with this body. Throws a plain `Error` that names the defect. Follows `RemotingCommand.headerDecode`. */
export function decodeHeader(type: number, bytes: Buffer, body: Buffer): RemotingCommand {
  if (type === JSON_HEADER) return decodeJson(bytes, body);
  if (type === ROCKETMQ_HEADER) return decodeBinary(bytes, body);
  throw new Error(`unknown header type ${type}`);
}

function decodeJson(bytes: Buffer, body: Buffer): RemotingCommand {
  const parsed: unknown = JSON.parse(bytes.toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null) throw new Error('the header is no object');
  const header = parsed as Record<string, unknown>;
  const command: RemotingCommand = {
    code: int32(header, 'code'),
    flag: int32(header, 'flag'),
    language: typeof header.language === 'string' ? header.language : 'OTHER',
    version: int32(header, 'version'),
    opaque: int32(header, 'opaque'),
    extFields: stringFields(header.extFields),
    body,
  };
  if (typeof header.remark === 'string') command.remark = header.remark;
  return command;
}

function int32(header: Record<string, unknown>, key: string): number {
  const value = header[key] ?? 0;
  if (typeof value !== 'number' || (value | 0) !== value) throw new Error(`header field ${key} is no int32`);
  return value;
}

function stringFields(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw new Error('extFields is no object');
  const fields: [string, string][] = [];
  for (const [key, field] of Object.entries(value)) {
    if (typeof field === 'string') fields.push([key, field]);
    else if (typeof field === 'number' || typeof field === 'boolean') fields.push([key, String(field)]);
    else if (field !== null) throw new Error(`ext field ${key.slice(0, 80)} is no text`);
  }
  return Object.fromEntries(fields);
}

/**
 * code:2 language:1 version:2 opaque:4 flag:4 remarkLength:4 remark extLength:4
 * { keyLength:2 key valueLength:4 value }*   (`RocketMQSerializable.java`)
 */
function decodeBinary(bytes: Buffer, body: Buffer): RemotingCommand {
  const reader = new Reader(bytes);
  const code = reader.take(2).readInt16BE();
  const language = LANGUAGES[reader.take(1).readUInt8()] ?? 'OTHER';
  const version = reader.take(2).readInt16BE();
  const opaque = reader.take(4).readInt32BE();
  const flag = reader.take(4).readInt32BE();
  const remark = reader.take(reader.take(4).readInt32BE()).toString('utf8');
  const entries = new Reader(reader.take(reader.take(4).readInt32BE()));
  const fields: [string, string][] = [];
  while (entries.left > 0) {
    const key = entries.take(entries.take(2).readInt16BE()).toString('utf8');
    fields.push([key, entries.take(entries.take(4).readInt32BE()).toString('utf8')]);
  }
  const extFields = Object.fromEntries(fields);
  const command: RemotingCommand = { code, flag, language, version, opaque, extFields, body };
  if (remark) command.remark = remark;
  return command;
}

class Reader {
  #at = 0;
  constructor(private readonly bytes: Buffer) {}
  get left(): number {
    return this.bytes.length - this.#at;
  }
  take(length: number): Buffer {
    if (length < 0 || length > this.left) throw new Error(`header field of ${length} bytes with ${this.left} left`);
    this.#at += length;
    return this.bytes.subarray(this.#at - length, this.#at);
  }
}
