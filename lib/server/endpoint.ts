import 'server-only';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { ErrorBody } from '@/lib/contract/error';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { isPermitted, type Permission } from '@/lib/domain/permission';
import type { Locale } from '@/lib/i18n/locale';
import { ApiError, toApiError } from './api-error';
import { createCtx } from './create-ctx';
import { isLoopbackHost } from './host';
import { readJsonBody } from './read-body';
import { requestInfo } from './request-info';
import { checkSameOrigin } from './same-origin';
import { MALFORMED_URL_HEADER } from './url-escapes';

/** What an answer is besides JSON: a download or an event stream. */
export class StreamReply {
  constructor(
    readonly body: ReadableStream<Uint8Array>,
    /** Set for a download; ASCII only. */
    readonly fileName?: string,
  ) {}
}

/**
 * One address of the HTTP API. `handle()` makes the route handler of it, `call()` the same thing in
 * process for a page's prefetch: one parse, one authorisation, one error table.
 */
export interface Endpoint<Input extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly summary: string;
  readonly permission: Permission;
  /** Query of a GET, JSON body of a POST. */
  readonly input: Input;
  /** Null when the answer is a stream. */
  readonly reply: Reply | null;
  /** Of a stream. */
  readonly contentType?: string;
  /** Data of each event of an event stream. */
  readonly event?: z.ZodType;
  /** Status of a success, 200 unless said. */
  readonly status?: number;
  /** Whole request, ms; default 5,000 (safety §4.3). */
  readonly deadlineMs?: number;
  readonly maxBodyBytes?: number;
  run(
    ctx: Ctx,
    input: z.output<Input>,
    extra: { idempotencyKey: string | null },
  ): Promise<z.input<Reply> | StreamReply>;
}

export function defineEndpoint<Input extends z.ZodType, Reply extends z.ZodType>(
  endpoint: Endpoint<Input, Reply>,
): Endpoint<Input, Reply> {
  return endpoint;
}

export const DEFAULT_DEADLINE_MS = 5000;
/** Type of a stream that names none. */
export const BYTES = 'application/octet-stream';
const MAX_BODY_BYTES = 256 * 1024;

/** The route handler of an endpoint. Every `route.ts` exports the results of this and nothing else. */
export function handle<I extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<I, R>,
): (request: Request) => Promise<Response> {
  return async (request) => {
    const requestId = `req-${randomUUID()}`;
    try {
      if (!isLoopbackHost(request.headers.get('host'))) throw new ApiError(421, 'foreign_host', 'foreign_host');
      if (request.headers.has(MALFORMED_URL_HEADER)) throw new ApiError(400, 'invalid', 'malformed_escape');
      if (endpoint.method === 'POST') checkSameOrigin(request);
      const raw =
        endpoint.method === 'GET'
          ? readQuery(request)
          : await readJsonBody(request, endpoint.maxBodyBytes ?? MAX_BODY_BYTES);
      const reply = await run(endpoint, raw, { ...requestInfo(request), requestId, signal: request.signal });
      return toResponse(reply, endpoint, requestId);
    } catch (error) {
      return errorResponse(toApiError(error, requestInfo(request).locale, requestId), requestId);
    }
  };
}

/** What an address under `/api` that does not exist answers to any method. */
export function unknownPath(request: Request): Response {
  const requestId = `req-${randomUUID()}`;
  const error = isLoopbackHost(request.headers.get('host'))
    ? new ApiError(404, 'not_found', 'unknown_path')
    : new ApiError(421, 'foreign_host', 'foreign_host');
  return errorResponse(toApiError(error, requestInfo(request).locale, requestId), requestId);
}

/**
 * The same endpoint in process, for the first HTML of a page. Throws {@link ApiError}.
 *
 * The reply passes through JSON so that a page sees exactly what a client would.
 */
export async function call<I extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<I, R>,
  input: z.input<I>,
  caller: { locale: Locale; ip?: string },
): Promise<z.output<R>> {
  const requestId = `page-${randomUUID()}`;
  try {
    const given = Object.fromEntries(Object.entries(input as object).filter(([, value]) => value !== undefined));
    const reply = await run(endpoint, given, {
      locale: caller.locale,
      ip: caller.ip ?? '127.0.0.1',
      idempotencyKey: null,
      requestId,
      signal: new AbortController().signal,
    });
    return JSON.parse(JSON.stringify(reply)) as z.output<R>;
  } catch (error) {
    throw toApiError(error, caller.locale, requestId);
  }
}

interface Caller {
  locale: Locale;
  ip: string;
  idempotencyKey: string | null;
  requestId: string;
  signal: AbortSignal;
}

async function run<I extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<I, R>,
  raw: unknown,
  caller: Caller,
): Promise<z.input<R> | StreamReply> {
  const parsed = endpoint.input.safeParse(raw);
  if (!parsed.success) throw parsed.error;
  const deadlineMs = endpoint.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const cluster = (parsed.data as { cluster?: string }).cluster;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  const signal = AbortSignal.any([caller.signal, deadline.signal]);
  try {
    const ctx = createCtx({
      cluster,
      ip: caller.ip,
      requestId: caller.requestId,
      signal,
      deadlineAt: Date.now() + deadlineMs - ANSWER_MARGIN_MS,
    });
    if (!isPermitted(ctx.actor, endpoint.permission)) {
      throw new DomainError('FORBIDDEN', 'not_permitted', { permission: endpoint.permission });
    }
    return await Promise.race([
      endpoint.run(ctx, parsed.data, { idempotencyKey: caller.idempotencyKey }),
      expired(deadline.signal),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Brokers are given this much less than the caller, so that the partial answer still leaves in time. */
const ANSWER_MARGIN_MS = 300;

function expired(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new DomainError('DEADLINE', 'deadline')), { once: true }),
  );
}

function readQuery(request: Request): Record<string, string> {
  const { searchParams } = new URL(request.url);
  const query: Record<string, string> = {};
  for (const [key, value] of searchParams) {
    if (Object.hasOwn(query, key)) throw new ApiError(400, 'invalid', 'repeated_parameter', { name: key.slice(0, 60) });
    query[key] = value;
  }
  return query;
}

const API_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
};

function toResponse(
  reply: unknown,
  { status = 200, contentType = BYTES }: Pick<Endpoint, 'status' | 'contentType'>,
  requestId: string,
): Response {
  if (reply instanceof StreamReply) {
    const headers = new Headers({ ...API_HEADERS, 'content-type': contentType, 'x-request-id': requestId });
    if (reply.fileName)
      headers.set('content-disposition', `attachment; filename="${reply.fileName.replace(/[^\w.-]/g, '_')}"`);
    return new Response(reply.body, { status, headers });
  }
  return Response.json(reply, { status, headers: { ...API_HEADERS, 'x-request-id': requestId } });
}

function errorResponse(error: ApiError, requestId: string): Response {
  const body: ErrorBody = {
    code: error.code,
    message: error.message,
    hint: error.hint,
    requestId,
    details: error.details,
  };
  return Response.json(body, { status: error.status, headers: { ...API_HEADERS, 'x-request-id': requestId } });
}
