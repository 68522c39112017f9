import { CodecError } from './codec-error';

const MAGIC = 0x184d2204;
const SKIPPABLE = 0x184d2a50;
const UNCOMPRESSED = 0x80000000;

/** Decompressed bytes went over the caller's limit. */
export class OutputLimitError extends Error {
  override readonly name = 'OutputLimitError';
}

/**
 * Decodes LZ4 frames (magic `04 22 4D 18`, linked or independent blocks, concatenated frames), as
 * written by `LZ4FrameOutputStream` in `Lz4Compressor`. Checksums are skipped: the record's CRC covers
 * the stored bytes.
 *
 * @throws OutputLimitError before more than `maxBytes` are held, CodecError for damaged input.
 */
export function decodeLz4Frames(source: Buffer, maxBytes: number): Buffer {
  const output = new Output(maxBytes);
  let at = 0;
  do {
    const magic = readUInt32(source, at);
    if (magic === MAGIC) at = decodeFrame(source, at + 4, output);
    else if ((magic & 0xfffffff0) === SKIPPABLE) at += 8 + readUInt32(source, at + 4);
    else throw new CodecError('lz4', 'unknown magic', at);
  } while (at < source.length);
  if (at > source.length) throw new CodecError('lz4', 'truncated', source.length);
  return output.take();
}

function decodeFrame(source: Buffer, start: number, output: Output): number {
  const flags = source[start] ?? 0;
  if (flags >> 6 !== 1) throw new CodecError('lz4', 'unknown version', start);
  const hasBlockChecksum = (flags & 0x10) !== 0;
  const hasContentChecksum = (flags & 0x04) !== 0;
  // Flags and block descriptor, then content size, dictionary id and header checksum.
  let at = start + 2 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0) + 1;
  for (;;) {
    const word = readUInt32(source, at);
    at += 4;
    if (word === 0) return at + (hasContentChecksum ? 4 : 0);
    const end = at + (word & ~UNCOMPRESSED);
    if (end > source.length) throw new CodecError('lz4', 'block past the end', at);
    if (word >= UNCOMPRESSED) output.append(source, at, end);
    else decodeBlock(source, at, end, output);
    at = end + (hasBlockChecksum ? 4 : 0);
  }
}

function decodeBlock(source: Buffer, start: number, end: number, output: Output): void {
  let at = start;
  const readLength = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    for (let byte = 255; byte === 255; length += byte) {
      if (at >= end) throw new CodecError('lz4', 'length past the block', at);
      byte = source[at++] ?? 0;
    }
    return length;
  };
  while (at < end) {
    const token = source[at++] ?? 0;
    const literals = readLength(token >> 4);
    if (at + literals > end) throw new CodecError('lz4', 'literals past the block', at);
    output.append(source, at, at + literals);
    at += literals;
    if (at >= end) return;
    if (at + 2 > end) throw new CodecError('lz4', 'match past the block', at);
    const distance = source.readUInt16LE(at);
    at += 2;
    output.repeat(distance, readLength(token & 15) + 4);
  }
}

function readUInt32(source: Buffer, at: number): number {
  if (at + 4 > source.length) throw new CodecError('lz4', 'truncated', at);
  return source.readUInt32LE(at);
}

/** A growing buffer that never holds more than `maxBytes`. */
class Output {
  #buffer: Buffer;
  #length = 0;

  constructor(readonly maxBytes: number) {
    this.#buffer = Buffer.allocUnsafe(Math.min(maxBytes, 65_536));
  }

  append(source: Buffer, start: number, end: number): void {
    this.#reserve(end - start);
    source.copy(this.#buffer, this.#length, start, end);
    this.#length += end - start;
  }

  repeat(distance: number, count: number): void {
    if (distance === 0 || distance > this.#length) throw new CodecError('lz4', 'match before the start');
    this.#reserve(count);
    const buffer = this.#buffer;
    const end = this.#length + count;
    // A match may overlap itself; each round copies what is already there and so doubles it.
    for (let to = this.#length; to < end; ) {
      const from = this.#length - distance;
      const copied = buffer.copy(buffer, to, from, from + Math.min(to - from, end - to));
      to += copied;
    }
    this.#length = end;
  }

  take(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.maxBytes) throw new OutputLimitError();
    if (needed <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.min(this.maxBytes, Math.max(needed, this.#buffer.length * 2)));
    this.#buffer.copy(larger, 0, 0, this.#length);
    this.#buffer = larger;
  }
}
