import type { RemotingCommand } from '../remoting/command';
import { RemotingError } from '../remoting/errors';
import { type AccessRefusal, accessRefusalOf } from './access-refusal';

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
  /** Set when the broker turned us away for who we are or what we may do. */
  get refusal(): AccessRefusal | null {
    return accessRefusalOf(this.code, this.remark);
  }
  /** SYSTEM_BUSY (2), FLOW_CONTROL (215) and GO_AWAY (1500) promise that nothing was executed. */
  get retryable(): boolean {
    return this.code === 2 || this.code === 215 || this.code === 1500;
  }
}

export function toRocketMQError(reply: RemotingCommand, request: string, address: string): RocketMQError {
  return new RocketMQError(reply.code, reply.remark ?? '', request, address);
}

/** Why a server gave no usable answer. */
export interface Cause {
  /** What has to be mended (`AccessRefusal` cause, `ConnectionReason`), else the `RemotingError` kind, or the response code as text. */
  code: string;
  /** In English, for logs and the API. */
  message: string;
  /** Of the text that `code` has in lib/i18n. */
  params?: Record<string, string>;
}

export function causeOf(error: unknown): Cause {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof RemotingError) {
    const { reason, kind, address } = error;
    return reason ? { code: reason, message, params: { address } } : { code: kind, message };
  }
  if (!(error instanceof RocketMQError)) return { code: 'UNREADABLE', message };
  return { code: String(error.code), message, ...refusalCause(error.refusal) };
}

/** Code and text parameters of a refusal; nothing for null. */
export function refusalCause(refusal: AccessRefusal | null): Pick<Cause, 'code' | 'params'> | null {
  if (!refusal) return null;
  const { cause, user, resource } = refusal;
  return { code: cause, params: { user: user ?? 'none', resource: resource ?? 'none' } };
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 300) ?? '';
}
