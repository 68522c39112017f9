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
const MAX_ZSTD_BLOCK_BYTES = 128 * 1024;

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
  checkZstdFrame(source, MAX_ZSTD_WINDOW_BYTES);
  const chunks: Uint8Array[] = [];
  let length = 0;
  const stream = new Decompress((chunk) => {
    length += chunk.length;
    if (length > maxBytes) throw new OutputLimitError();
    chunks.push(chunk);
  });
  stream.push(source, true);
  return Buffer.concat(chunks, length);
}

/**
 * Checks the one frame that a compressor of RocketMQ writes before the decoder allocates its window: the
 * size of the window, and that the blocks fill the source exactly.
 */
function checkZstdFrame(source: Buffer, maxWindowBytes: number): void {
  if (source.length < 9 || source.readUInt32LE(0) !== 0xfd2fb528) throw new CodecError('zstd', 'unknown magic', 0);
  const flags = source.readUInt8(4);
  const singleSegment = (flags & 0x20) !== 0;
  const sizeAt = (singleSegment ? 5 : 6) + ([0, 1, 2, 4][flags & 3] ?? 0);
  const sizeBytes = [singleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  const windowBytes = singleSegment ? readUIntLE(source, sizeAt, sizeBytes) : windowOf(source.readUInt8(5));
  if (windowBytes > maxWindowBytes) throw new OutputLimitError();
  let at = sizeAt + sizeBytes;
  for (let isLast = false; !isLast; ) {
    const header = readUIntLE(source, at, 3);
    isLast = (header & 1) === 1;
    const size = header >> 3;
    if (size > MAX_ZSTD_BLOCK_BYTES) throw new CodecError('zstd', 'block too large', at);
    at += 3 + (((header >> 1) & 3) === 1 ? 1 : size);
  }
  if (at + (flags & 4 ? 4 : 0) !== source.length) throw new CodecError('zstd', 'blocks do not fill the frame', at);
}

function windowOf(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

function readUIntLE(source: Buffer, at: number, bytes: number): number {
  if (at + bytes > source.length) throw new CodecError('zstd', 'truncated', at);
  return bytes === 8 ? Number(source.readBigUInt64LE(at)) : bytes === 0 ? 0 : source.readUIntLE(at, bytes);
}
