import type { RequestDefinition } from './define-request';
import { KNOWN_REQUESTS, NEVER_SENT } from './known-requests';
import { WriteCapability } from './write-capability';

export type FirewallReason =
  | 'NEVER_SENT'
  | 'UNKNOWN_CODE'
  | 'WRONG_ACCESS'
  | 'NO_CAPABILITY'
  | 'READ_ONLY'
  | 'BROWSE_GROUP';

/** A request that was stopped before any byte of it left: a defect of the caller, or a cluster that is read-only. */
export class FirewallError extends Error {
  override readonly name = 'FirewallError';
  /** By name: the server's bundles (instrumentation, routes) each hold a copy of this class. */
  static [Symbol.hasInstance](value: unknown): value is FirewallError {
    return value instanceof Error && value.name === 'FirewallError';
  }
  readonly retryable = false;
  constructor(
    readonly reason: FirewallReason,
    message: string,
  ) {
    super(message);
  }
}

export interface FirewallRules {
  cluster: string;
  readOnly: boolean;
  /** The one group pulls may name: a real group's pull erases its pending offset reset. */
  browseGroup: string;
}

/** Throws `FirewallError` unless this request may be sent to this cluster with this capability. */
export function admit(
  request: RequestDefinition<never, unknown>,
  capability: WriteCapability | undefined,
  rules: FirewallRules,
): void {
  const { code, name, access } = request;
  const forbidden = NEVER_SENT.get(code);
  if (forbidden) throw new FirewallError('NEVER_SENT', `${forbidden} (${code}) is never sent.`);
  const known = KNOWN_REQUESTS.get(code);
  if (!known) throw new FirewallError('UNKNOWN_CODE', `${name} (${code}) is not in the table of requests.`);
  if (known.access !== access) {
    throw new FirewallError('WRONG_ACCESS', `${known.name} (${code}) is a ${known.access}, not a ${access}.`);
  }
  if (access === 'READ') return;
  if (rules.readOnly)
    throw new FirewallError('READ_ONLY', `${name}: cluster ${rules.cluster} is configured read-only.`);
  if (!(capability instanceof WriteCapability) || capability.cluster !== rules.cluster) {
    throw new FirewallError('NO_CAPABILITY', `${name} needs a WriteCapability for cluster ${rules.cluster}.`);
  }
}

const PULL_MESSAGE = 11;
const COMMIT_OFFSET_FLAG = 1;

/** Throws `FirewallError` when the fields would make a read leave a trace. */
export function admitFields(code: number, fields: Record<string, string>, rules: FirewallRules): void {
  if (code !== PULL_MESSAGE) return;
  if (fields.consumerGroup !== rules.browseGroup) {
    throw new FirewallError('BROWSE_GROUP', `Pulls name ${rules.browseGroup}, not ${fields.consumerGroup}.`);
  }
  if ((Number(fields.sysFlag ?? 0) & COMMIT_OFFSET_FLAG) !== 0) {
    throw new FirewallError('BROWSE_GROUP', 'Pulls commit no offset.');
  }
}
