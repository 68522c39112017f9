import type { ConnectionReason } from './reason';

/** What went wrong between us and a server, before any RocketMQ meaning. */
export type RemotingErrorKind = 'CONNECT' | 'TIMEOUT' | 'CLOSED' | 'FRAME' | 'ABORTED';

/**
 * A request that got no usable answer.
 *
 * `sent` tells whether any byte of the frame may have left this machine: a write that failed with
 * `sent: true` has an unknown outcome, one with `sent: false` certainly did not happen.
 */
export class RemotingError extends Error {
  override readonly name = 'RemotingError';
  /** By name: the server's bundles (instrumentation, routes) each hold a copy of this class. */
  static [Symbol.hasInstance](value: unknown): value is RemotingError {
    return value instanceof Error && value.name === 'RemotingError';
  }
  constructor(
    readonly kind: RemotingErrorKind,
    readonly address: string,
    message: string,
    readonly sent: boolean,
    options: { cause?: unknown; reason?: ConnectionReason | undefined } = {},
  ) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.reason = options.reason;
  }
  /** What has to be mended, where that can be told. */
  readonly reason: ConnectionReason | undefined;
  get retryable(): boolean {
    return this.kind !== 'ABORTED';
  }
}
