import 'server-only';
import { ZodError } from 'zod';
import { causeParams, refusalParams } from '@/lib/domain/access-refused';
import { DomainError, type DomainErrorCode } from '@/lib/domain/errors';
import type { Locale } from '@/lib/i18n/locale';
import { errorText } from '@/lib/i18n/translator';
import { CodecError } from '@/lib/rocketmq/codec/codec-error';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { StoreError } from '@/lib/store/errors';
import { LimitReached } from './limit-reached';
import { log } from './log';

type Params = Record<string, string | number>;

/** An answer that is no success. Carries a message key until {@link toApiError} has put it into words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  hint: string | undefined;
  constructor(
    readonly status: number,
    readonly code: string,
    readonly key: string,
    readonly params: Params = {},
    readonly details?: unknown,
    public requestId = '',
  ) {
    super(key);
  }
}

const DOMAIN_STATUS: Record<DomainErrorCode, [number, string]> = {
  UNAUTHENTICATED: [401, 'unauthenticated'],
  TOO_MANY: [429, 'too_many_requests'],
  NOT_FOUND: [404, 'not_found'],
  CONFLICT: [409, 'conflict'],
  PLAN_STALE: [409, 'plan_stale'],
  FORBIDDEN: [403, 'forbidden'],
  INVALID: [400, 'invalid'],
  UNPROCESSABLE: [422, 'unprocessable'],
  UNAVAILABLE: [503, 'unavailable'],
  DEADLINE: [504, 'deadline'],
};

/** Keys that automation has to tell apart from others of their status. */
const OWN_CODES: ReadonlySet<string> = new Set(['audit_unavailable']);

/** The one table from what was thrown to what is answered, in the reader's language. */
export function toApiError(error: unknown, locale: Locale, requestId: string): ApiError {
  const raw = classify(error);
  if (raw.key === 'invalid_field') raw.params.problem = errorText(locale, `problem.${raw.params.problem}`).message;
  if (raw.status >= 500 && raw.key === 'internal') log.error({ err: error, requestId }, 'request failed');
  const problem = storeProblem(error);
  if (problem) log.warn({ requestId, problem }, 'the store did not take it');
  const { message, hint } = errorText(locale, raw.key, raw.params);
  raw.message = message;
  raw.hint = hint;
  raw.requestId = requestId;
  return raw;
}

/** Why the store refused, for who has to mend it: full, locked by somebody else, read-only. */
function storeProblem(error: unknown): string | null {
  const cause = error instanceof DomainError ? error.cause : error;
  return cause instanceof StoreError ? [cause.sqliteCode, cause.message].filter(Boolean).join(' ') : null;
}

function classify(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof LimitReached) {
    const [status, code] = error.isOwn ? DOMAIN_STATUS.TOO_MANY : [503, 'busy'];
    return new ApiError(status, code, error.key, { ...error.params });
  }
  if (error instanceof DomainError) {
    const [status, code] = DOMAIN_STATUS[error.code];
    return new ApiError(status, OWN_CODES.has(error.key) ? error.key : code, error.key, error.params, error.details);
  }
  if (error instanceof ZodError)
    return new ApiError(400, 'invalid', 'invalid_field', { field: fieldOf(error), problem: problemOf(error) });
  if (error instanceof RocketMQError) {
    const { request, address } = error;
    const cause = refusalParams(error.code, error.remark);
    if (cause.cause) return new ApiError(502, 'access_refused', 'access_refused', { request, address, ...cause });
    return new ApiError(502, 'broker_error', error.code === 16 ? 'no_permission' : 'broker_error', {
      request: error.request,
      address: error.address,
      code: error.code,
      remark: error.remark.split('\n', 1)[0]?.slice(0, 200) ?? '',
    });
  }
  if (error instanceof RemotingError) {
    const isLate = error.kind === 'TIMEOUT' || error.kind === 'ABORTED';
    return new ApiError(isLate ? 504 : 503, isLate ? 'deadline' : 'unavailable', isLate ? 'no_answer' : 'unreachable', {
      address: error.address,
      ...(error.reason && causeParams(error.reason, { address: error.address })),
    });
  }
  if (error instanceof CodecError)
    return new ApiError(502, 'bad_answer', 'bad_answer', { problem: error.message.slice(0, 200) });
  if (error instanceof StoreError)
    return new ApiError(503, 'store_unavailable', 'store_unavailable', { problem: error.message });
  return new ApiError(500, 'internal', 'internal');
}

/** Our schemas give a key as message; what zod itself finds is told by its issue code. */
function problemOf(error: ZodError): string {
  const issue = error.issues[0];
  if (!issue) return 'other';
  return /^[a-z_]+$/.test(issue.message) ? issue.message : ZOD_CODES.has(issue.code) ? issue.code : 'other';
}
const ZOD_CODES = new Set<string>([
  'invalid_type',
  'too_small',
  'too_big',
  'invalid_format',
  'invalid_value',
  'invalid_union',
  'unrecognized_keys',
]);

function fieldOf(error: ZodError): string {
  return error.issues[0]?.path.join('.') || 'request';
}

/** Nothing has that name: it is not there, or cannot be, since no topic or group may be called so. */
export const isNotFound = (error: unknown): boolean =>
  error instanceof ApiError &&
  (error.status === 404 || (error.key === 'invalid_field' && NAMES.has(error.params.field ?? '')));
const NAMES: ReadonlySet<string | number> = new Set(['topic', 'group']);
