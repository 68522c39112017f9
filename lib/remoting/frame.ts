import type { RemotingCommand } from './command';
import { RemotingError } from './errors';
import { decodeHeader, encodeHeader, JSON_HEADER, ROCKETMQ_HEADER } from './header';

/** `com.rocketmq.remoting.frameMaxLength` of the Java side. */
export const MAX_FRAME_BYTES = 16 * 1024 * 1024;

// A header is a few hundred bytes, with a Java stack trace some thousand; parsed JSON takes many times its text.
const MAX_HEADER_BYTES = 256 * 1024;

const LENGTH_BYTES = 4;
const PREFIX_BYTES = 8;
const EMPTY = Buffer.alloc(0);

/**
 * length:4 headerType:1 headerLength:3 header body, where length counts what follows it
 * (`RemotingCommand.encode`). Throws a `RangeError` above the 16 MiB that a server accepts.
 */
export function encodeFrame(command: RemotingCommand): Buffer {
  const header = encodeHeader(command);
  const headerBytes = Buffer.byteLength(header);
  const length = 4 + headerBytes + command.body.length;
  if (length > MAX_FRAME_BYTES) throw new RangeError(`A frame of ${length} bytes exceeds ${MAX_FRAME_BYTES}.`);
  const frame = Buffer.allocUnsafe(4 + length);
  frame.writeUInt32BE(length, 0);
  frame.writeUInt32BE(headerBytes, 4);
  frame.write(header, 8);
  command.body.copy(frame, 8 + headerBytes);
  return frame;
}

/**
 * Cuts a byte stream into commands. Lengths are checked before anything is allocated for them, and the
 * buffer of an unfinished frame doubles as bytes arrive: a peer that announces much and sends little gets
 * little, and one byte per chunk costs linear time. Throws `RemotingError` FRAME; unusable afterwards.
 */
export class FrameDecoder {
  #partial = EMPTY;
  #filled = 0;
  /** Where the next decision falls: after the length word, after both words, at the end of the frame. */
  #wanted = LENGTH_BYTES;

  constructor(
    private readonly address: string,
    private readonly maxFrameBytes = MAX_FRAME_BYTES,
  ) {}

  /** Bytes held for a frame that is not complete. */
  get bufferedBytes(): number {
    return this.#partial.length;
  }

  push(chunk: Buffer, onCommand: (command: RemotingCommand) => void): void {
    let rest = chunk;
    while (rest.length > 0) {
      const size = this.#filled === 0 ? this.#frameBytes(rest) : null;
      if (size !== null && rest.length >= size) {
        const frame = rest.subarray(0, size);
        rest = rest.subarray(size);
        onCommand(this.#decode(frame));
      } else {
        rest = this.#gather(rest);
        if (this.#filled === this.#wanted) this.#advance(onCommand);
      }
    }
  }

  #gather(rest: Buffer): Buffer {
    const taken = Math.min(rest.length, this.#wanted - this.#filled);
    if (this.#filled + taken > this.#partial.length) {
      const capacity = Math.max(this.#filled + taken, 2 * this.#partial.length);
      const grown = Buffer.allocUnsafe(Math.min(this.#wanted, capacity));
      this.#partial.copy(grown, 0, 0, this.#filled);
      this.#partial = grown;
    }
    rest.copy(this.#partial, this.#filled, 0, taken);
    this.#filled += taken;
    return rest.subarray(taken);
  }

  #advance(onCommand: (command: RemotingCommand) => void): void {
    if (this.#wanted <= PREFIX_BYTES) {
      this.#wanted = this.#frameBytes(this.#partial) ?? PREFIX_BYTES;
      return;
    }
    const frame = this.#partial;
    this.#partial = EMPTY;
    this.#filled = 0;
    this.#wanted = LENGTH_BYTES;
    onCommand(this.#decode(frame));
  }

  /** Size of the frame including its length word, or null while its first 8 bytes are not here. */
  #frameBytes(start: Buffer): number | null {
    if (start.length < LENGTH_BYTES) return null;
    const length = start.readInt32BE(0);
    if (length <= 4 || length > this.maxFrameBytes) this.#refuse(`a frame of ${length} bytes`);
    if (start.length < PREFIX_BYTES) return null;
    const type = start.readUInt8(4);
    const headerBytes = start.readUIntBE(5, 3);
    if (type !== JSON_HEADER && type !== ROCKETMQ_HEADER) this.#refuse(`an unknown header type ${type}`);
    if (headerBytes === 0 || headerBytes > length - 4 || headerBytes > MAX_HEADER_BYTES) {
      this.#refuse(`a header of ${headerBytes} bytes in a frame of ${length}`);
    }
    return 4 + length;
  }

  #decode(frame: Buffer): RemotingCommand {
    const bodyAt = 8 + frame.readUIntBE(5, 3);
    try {
      return decodeHeader(frame.readUInt8(4), frame.subarray(8, bodyAt), frame.subarray(bodyAt));
    } catch (cause) {
      return this.#refuse('a header that does not parse', cause);
    }
  }

  #refuse(what: string, cause?: unknown): never {
    throw new RemotingError('FRAME', this.address, `${this.address} sent ${what}`, true, { cause });
  }
}
