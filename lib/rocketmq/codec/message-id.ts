/**
 * What a message id tells. An `offset` id says where a record was stored; its address is for display and
 * for matching a broker by the topology, never for dialling.
 */
export type MessageId =
  | { kind: 'offset'; id: string; storeHost: string; physicalOffset: number }
  | {
      kind: 'unique';
      id: string;
      clientIp: string;
      pid: number;
      classLoaderHash: number;
      /** Since the first of the producer's month in the producer's time zone. */
      sinceMonthStartMs: number;
      counter: number;
    }
  | { kind: 'grpc'; id: string; mac: string; pid: number; createdAt: number; sequence: number }
  | { kind: 'key'; id: string };

const GRPC_EPOCH_MS = Date.UTC(2021, 0, 1);

/**
 * Reads an id of 32 or 56 hex digits (`MessageDecoder.decodeMessageId`, `MessageClientIDSetter`) or of 34
 * (gRPC clients). Where an offset id has the upper half of its port, always 0, a unique id has the pid.
 * Anything else is an opaque key.
 */
export function parseMessageId(text: string): MessageId {
  const id = text.trim();
  if (!/^[0-9a-fA-F]+$/.test(id)) return { kind: 'key', id };
  const bytes = Buffer.from(id, 'hex');
  if (id.length === 34 && bytes[0] === 1) return readGrpcId(id, bytes);
  if (id.length !== 32 && id.length !== 56) return { kind: 'key', id };
  const addressBytes = id.length === 32 ? 4 : 16;
  return readOffsetId(id, bytes, addressBytes) ?? readUniqueId(id, bytes, addressBytes);
}

/** `MessageDecoder.createMessageId`: address, port and commit log position in upper-case hex. */
export function createOffsetMessageId(storeHost: Buffer, physicalOffset: number | bigint): string {
  const offset = physicalOffset < 0 ? BigInt.asUintN(64, BigInt(physicalOffset)) : physicalOffset;
  return (storeHost.toString('hex') + offset.toString(16).padStart(16, '0')).toUpperCase();
}

/** `ip:port` of an address of 4 or 16 bytes followed by an int32 port. */
export function formatHost(host: Buffer): string {
  const address = formatAddress(host.subarray(0, host.length - 4));
  return `${host.length === 20 ? `[${address}]` : address}:${host.readInt32BE(host.length - 4)}`;
}

function formatAddress(bytes: Buffer): string {
  if (bytes.length === 4) return bytes.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  const text = groups.join(':');
  const [longest] = [...text.matchAll(/\b0(?::0)+\b/g)].sort((a, b) => b[0].length - a[0].length);
  if (!longest) return text;
  return `${text.slice(0, longest.index).replace(/:$/, '')}::${text.slice(longest.index + longest[0].length).replace(/^:/, '')}`;
}

function readOffsetId(id: string, bytes: Buffer, addressBytes: number): MessageId | undefined {
  const port = bytes.readUInt32BE(addressBytes);
  const physicalOffset = bytes.readBigInt64BE(addressBytes + 4);
  if (port > 0xffff || physicalOffset < 0n || physicalOffset > Number.MAX_SAFE_INTEGER) return undefined;
  return {
    kind: 'offset',
    id,
    storeHost: formatHost(bytes.subarray(0, addressBytes + 4)),
    physicalOffset: Number(physicalOffset),
  };
}

function readUniqueId(id: string, bytes: Buffer, addressBytes: number): MessageId {
  return {
    kind: 'unique',
    id,
    clientIp: formatAddress(bytes.subarray(0, addressBytes)),
    pid: bytes.readUInt16BE(addressBytes),
    classLoaderHash: bytes.readInt32BE(addressBytes + 2),
    sinceMonthStartMs: bytes.readUInt32BE(addressBytes + 6),
    counter: bytes.readUInt16BE(addressBytes + 10),
  };
}

function readGrpcId(id: string, bytes: Buffer): MessageId {
  return {
    kind: 'grpc',
    id,
    mac: bytes.toString('hex', 1, 7).replace(/(..)(?=.)/g, '$1:'),
    pid: bytes.readUInt16BE(7),
    createdAt: GRPC_EPOCH_MS + bytes.readUInt32BE(9) * 1000,
    sequence: bytes.readUInt32BE(13),
  };
}
