import { CodecError } from './codec-error';

/** Reads the fields of a record one after the other. @throws CodecError for a length that leads out of it. */
export class RecordReader {
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
