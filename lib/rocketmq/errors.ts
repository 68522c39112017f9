import type { RemotingCommand } from '../remoting/command';
import { RemotingError } from '../remoting/errors';

export { RemotingError, type RemotingErrorKind } from '../remoting/errors';

/** A server answered, and the answer is not the success the request was made for. */
export class RocketMQError extends Error {
  override readonly name = 'RocketMQError';
  /** By name: the server's bundles (instrumentation, routes) each hold a copy of this class. */
  static [Symbol.hasInstance](value: unknown): value is RocketMQError {
    return value instanceof Error && value.name === 'RocketMQError';
  }
  constructor(
    /** Response code, see `codes.ts`. */
    readonly code: number,
    readonly remark: string,
    /** RocketMQ's name of the request, e.g. `GET_CONSUME_STATS`. */
    readonly request: string,
    /** `host:port` that answered. */
    readonly address: string,
  ) {
    super(`${request} at ${address} answered ${code}${remark ? `: ${firstLine(remark)}` : ''}`);
  }
  /** SYSTEM_BUSY (2), FLOW_CONTROL (215) and GO_AWAY (1500) promise that nothing was executed. */
  get retryable(): boolean {
    return this.code === 2 || this.code === 215 || this.code === 1500;
  }
}

export function toRocketMQError(reply: RemotingCommand, request: string, address: string): RocketMQError {
  return new RocketMQError(reply.code, reply.remark ?? '', request, address);
}

/** What to call it that a server gave no usable answer: the `RemotingError` kind, or the response code as text. */
export function causeOf(error: unknown): { code: string; message: string } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RemotingError) return { code: error.kind, message };
  return { code: error instanceof RocketMQError ? String(error.code) : 'UNREADABLE', message };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 300) ?? '';
}
