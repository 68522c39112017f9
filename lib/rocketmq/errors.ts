import type { RemotingCommand } from '../remoting/command';

export { RemotingError, type RemotingErrorKind } from '../remoting/errors';

/** A server answered, and the answer is not the success the request was made for. */
export class RocketMQError extends Error {
  override readonly name = 'RocketMQError';
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

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 300) ?? '';
}
