import 'server-only';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { isPermitted, notPermitted, type Permission } from '@/lib/domain/permission';
import type { Locale } from '@/lib/i18n/locale';
import { ApiError, toApiError } from './api-error';
import { auditDenied } from './audit-denied';
import { createCtx } from './create-ctx';
import type { Caller } from './session';

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
  /** `signed-in`: one's own affairs. `public`: for who has not signed in yet. */
  readonly permission: Permission | 'signed-in' | 'public';
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
  run(ctx: Ctx, input: z.output<Input>, extra: Extra): Promise<z.input<Reply> | StreamReply>;
}

/** What a few endpoints want to know or say besides. */
export interface Extra {
  idempotencyKey: string | null;
  userAgent: string;
  /** Of the request's address, as its Host header says. */
  host: string | null;
  /** All it sent. */
  cookie: string | null;
  /** Null: nobody, an API token, or a page rendered in process. */
  session: Caller['session'];
  setCookie(cookie: string): void;
}

/** An endpoint of whatever input and reply. */
export interface AnyEndpoint extends Omit<Endpoint, 'run'> {
  run(ctx: Ctx, input: never, extra: Extra): Promise<unknown>;
}

export function defineEndpoint<Input extends z.ZodType, Reply extends z.ZodType>(
  endpoint: Endpoint<Input, Reply>,
): Endpoint<Input, Reply> {
  return endpoint;
}

export const DEFAULT_DEADLINE_MS = 5000;
/** Type of a stream that names none. */
export const BYTES = 'application/octet-stream';

/**
 * The same endpoint in process, for the first HTML of a page. Throws {@link ApiError}.
 *
 * The reply passes through JSON so that a page sees exactly what a client would.
 */
export async function call<I extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<I, R>,
  input: z.input<I>,
  caller: PageCaller,
): Promise<z.output<R>> {
  const requestId = `page-${randomUUID()}`;
  try {
    const given = Object.fromEntries(Object.entries(input as object).filter(([, value]) => value !== undefined));
    const reply = await run(endpoint, given, {
      actor: caller.actor,
      session: caller.session,
      idempotencyKey: null,
      userAgent: '',
      host: null,
      cookie: null,
      setCookie: () => {},
      requestId,
      signal: new AbortController().signal,
    });
    return JSON.parse(JSON.stringify(reply)) as z.output<R>;
  } catch (error) {
    throw toApiError(error, caller.locale, requestId);
  }
}

/** Who reads a page. */
export interface PageCaller extends Caller {
  locale: Locale;
}

export interface Asked extends Caller, Extra {
  requestId: string;
  signal: AbortSignal;
}

/** One parse, one authorisation, one deadline, whoever asks. */
export async function run<I extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<I, R>,
  raw: unknown,
  asked: Asked,
): Promise<z.input<R> | StreamReply> {
  const parsed = endpoint.input.safeParse(raw);
  if (!parsed.success) throw parsed.error;
  const deadlineMs = endpoint.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const cluster = (parsed.data as { cluster?: string }).cluster;
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), deadlineMs);
  const signal = AbortSignal.any([asked.signal, deadline.signal]);
  try {
    const ctx = createCtx({
      cluster,
      actor: asked.actor,
      requestId: asked.requestId,
      signal,
      deadlineAt: Date.now() + deadlineMs - ANSWER_MARGIN_MS,
    });
    await authorise(ctx, endpoint, parsed.data);
    return await Promise.race([endpoint.run(ctx, parsed.data, asked), expired(deadline.signal)]);
  } finally {
    clearTimeout(timer);
  }
}

/** What the error of a name nobody knows is told with. */
const UNKNOWN = { hasNearest: 'no', nearest: '', isSilent: 'no', silent: '' };
const isRead = (permission: Permission): boolean => permission.endsWith(':read');

/**
 * Names in the input say what is asked about. What may not even be known of is not found, whether it is there or not;
 * a write that is refused says so and stands in the audit trail.
 */
async function authorise(ctx: Ctx, { permission, method, path }: Endpoint, input: unknown): Promise<void> {
  if (permission === 'public' || permission === 'signed-in') return;
  const { group, topic } = input as { group?: string; topic?: string };
  const scope = { cluster: ctx.cluster, ...(group === undefined ? { topic } : { group }) };
  const mayKnow = isPermitted(ctx.actor, 'metadata:read', scope);
  if (mayKnow && isPermitted(ctx.actor, permission, scope)) return;
  if (!isRead(permission) || method !== 'GET') await auditDenied(ctx, { permission, path }, scope);
  else if (!mayKnow && group !== undefined)
    throw new DomainError('NOT_FOUND', 'group_not_found', { group, ...UNKNOWN });
  else if (!mayKnow && topic !== undefined)
    throw new DomainError('NOT_FOUND', 'topic_not_found', { topic, ...UNKNOWN });
  throw notPermitted(permission);
}

/** Brokers are given this much less than the caller, so that the partial answer still leaves in time. */
const ANSWER_MARGIN_MS = 300;

function expired(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(new DomainError('DEADLINE', 'deadline')), { once: true }),
  );
}
