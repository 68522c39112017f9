const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
/** So many are exact in a number. */
const DIGITS = 15;

/**
 * Reads text of a known form straight from its bytes, for the answers of which a sweep gets thousands, or millions of bytes.
 * Its methods say whether they found what they wanted; after a no it is of no use.
 */
export class ByteCursor {
  /** What `integer` found last. */
  value = 0;

  constructor(
    readonly bytes: Buffer,
    public at = 0,
  ) {}

  byte(wanted: number): boolean {
    if (this.bytes[this.at] !== wanted) return false;
    this.at += 1;
    return true;
  }

  literal(wanted: Buffer): boolean {
    const { bytes, at } = this;
    for (let index = 0; index < wanted.length; index++) if (bytes[at + index] !== wanted[index]) return false;
    this.at = at + wanted.length;
    return true;
  }

  /** Decimal, perhaps negative, of at most 15 digits. */
  integer(): boolean {
    const { bytes } = this;
    const isNegative = bytes[this.at] === MINUS;
    const from = isNegative ? this.at + 1 : this.at;
    let at = from;
    let value = 0;
    for (let unit = bytes[at] ?? 0; unit >= ZERO && unit <= NINE; unit = bytes[++at] ?? 0)
      value = value * 10 + unit - ZERO;
    this.at = at;
    this.value = isNegative ? -value : value;
    return at > from && at - from <= DIGITS;
  }
}
