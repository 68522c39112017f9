/** One Remoting frame, decoded. Follows `RemotingCommand` of the Java client. */
export interface RemotingCommand {
  /** Request code, or response code when `flag & 1`. */
  code: number;
  /** Bit 0 = response, bit 1 = one-way. */
  flag: number;
  language: string;
  /** Ordinal of the sender's `MQVersion`; every response carries the server's. */
  version: number;
  /** Correlation id, int32, per connection. */
  opaque: number;
  remark?: string;
  extFields: Record<string, string>;
  body: Buffer;
}
