/** HTTP meaning of each stands in lib/server/endpoint.ts, once. */
export type DomainErrorCode =
  | 'UNAUTHENTICATED'
  | 'TOO_MANY'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'PLAN_STALE'
  | 'FORBIDDEN'
  | 'INVALID'
  | 'UNPROCESSABLE'
  | 'UNAVAILABLE'
  | 'DEADLINE';

/**
 * Something the caller has to know. `key` names the message in lib/i18n (`errors.<key>` and, when it
 * exists, `errors.<key>_hint` for the next step); `params` fill it.
 */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  /** By name: the server's bundles (instrumentation, routes) each hold a copy of this class. */
  static [Symbol.hasInstance](value: unknown): value is DomainError {
    return value instanceof Error && value.name === 'DomainError';
  }
  constructor(
    readonly code: DomainErrorCode,
    readonly key: string,
    readonly params: Record<string, string | number> = {},
    readonly details?: unknown,
  ) {
    super(`${key} ${JSON.stringify(params)}`);
  }
}
