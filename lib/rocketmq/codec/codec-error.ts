/** Bytes or text from a server (or from a stored message) that do not follow their format. */
export class CodecError extends Error {
  override readonly name = 'CodecError';
  /** By name: the server's bundles (instrumentation, routes) each hold a copy of this class. */
  static [Symbol.hasInstance](value: unknown): value is CodecError {
    return value instanceof Error && value.name === 'CodecError';
  }
  constructor(
    /** What was being read, e.g. `fastjson` or `stored record`. */
    readonly format: string,
    readonly reason: string,
    /** Byte or character position, when one is known. */
    readonly at?: number,
  ) {
    super(`${format}: ${reason}${at === undefined ? '' : ` at ${at}`}`);
  }
}
