import { inflateSync } from 'node:zlib';
import { Decompress } from 'fzstd';
import { CodecError } from './codec-error';
import { decodeLz4Frames, OutputLimitError } from './lz4-frame';

/** The stored bytes stay available whatever the reason. */
export type UnreadableReason = 'too_large' | 'unknown_codec' | 'corrupt';
export type ReadableBody = { body: Buffer } | { unreadable: UnreadableReason };
export type BodyCompression = 'none' | 'zlib' | 'lz4' | 'zstd' | 'unknown';

export const DEFAULT_MAX_BODY_BYTES = 8 * 1024 * 1024;
/** What every zstd decoder must support; levels below 20 stay under it. */
const MAX_ZSTD_WINDOW_BYTES = 8 * 1024 * 1024;

/** `MessageSysFlag`: bit 0 says compressed, bits 8-10 how; 0 is zlib of old producers. */
export function compressionOf(sysFlag: number): BodyCompression {
  if ((sysFlag & 0x001) === 0) return 'none';
  const types: BodyCompression[] = ['zlib', 'lz4', 'zstd', 'zlib'];
  return types[(sysFlag >> 8) & 7] ?? 'unknown';
}

/**
 * Decompresses a stored body according to its system flag (`CompressorFactory`). Never holds more than
 * `maxBytes` of output; an uncompressed body is returned as it is.
 */
export function readBody(storedBody: Buffer, sysFlag: number, maxBytes = DEFAULT_MAX_BODY_BYTES): ReadableBody {
  try {
    switch (compressionOf(sysFlag)) {
      case 'none':
        return { body: storedBody };
      case 'zlib':
        return { body: inflateSync(storedBody, { maxOutputLength: maxBytes }) };
      case 'lz4':
        return { body: decodeLz4Frames(storedBody, maxBytes) };
      case 'zstd':
        return { body: decodeZstd(storedBody, maxBytes) };
      default:
        return { unreadable: 'unknown_codec' };
    }
  } catch (error) {
    return { unreadable: isTooLarge(error) ? 'too_large' : 'corrupt' };
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof OutputLimitError || (error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE';
}

function decodeZstd(source: Buffer, maxBytes: number): Buffer {
  if (zstdWindowBytes(source) > Math.max(maxBytes, MAX_ZSTD_WINDOW_BYTES)) throw new OutputLimitError();
  const chunks: Uint8Array[] = [];
  let length = 0;
  let finished = false;
  const stream = new Decompress((chunk, final) => {
    length += chunk.length;
    if (length > maxBytes) throw new OutputLimitError();
    chunks.push(chunk);
    finished ||= final === true;
  });
  stream.push(source, true);
  if (!finished) throw new CodecError('zstd', 'truncated');
  return Buffer.concat(chunks, length);
}

/** What the decoder allocates up front: the window, or the content size of a single-segment frame. */
function zstdWindowBytes(source: Buffer): number {
  if (source.length < 6 || source.readUInt32LE(0) !== 0xfd2fb528) throw new CodecError('zstd', 'unknown magic', 0);
  const flags = source.readUInt8(4);
  if ((flags & 0x20) === 0) {
    const descriptor = source.readUInt8(5);
    const base = 2 ** (10 + (descriptor >> 3));
    return base + (base / 8) * (descriptor & 7);
  }
  const at = 5 + ([0, 1, 2, 4][flags & 3] ?? 0);
  switch (flags >> 6) {
    case 0:
      return source.readUInt8(at);
    case 1:
      return source.readUInt16LE(at) + 256;
    case 2:
      return source.readUInt32LE(at);
    default:
      return Number(source.readBigUInt64LE(at));
  }
}
