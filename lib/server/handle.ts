import 'server-only';
import { randomUUID } from 'node:crypto';
import type { ErrorBody } from '@/lib/contract/error';
import { admit } from './admit';
import { ApiError, toApiError } from './api-error';
import type { Asker } from './asker';
import { type AnyEndpoint, type Asked, BYTES, type Endpoint, run, type StreamReply } from './endpoint';
import { isOwnHost } from './host';
import { readJsonBody } from './read-body';
import { requestInfo } from './request-info';
import { runtime } from './runtime';
import { checkSameOrigin } from './same-origin';
import { anonymous, authenticate, type Caller } from './session';
import { untilRevoked } from './until-revoked';
import { MALFORMED_URL_HEADER } from './url-escapes';

const MAX_BODY_BYTES = 256 * 1024;

type Handler = (request: Request) => Promise<Response>;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/**
 * The route handlers of an address: its endpoints, and a refusal for every other method, so that who has not signed in
 * learns nothing from any. Every `route.ts` exports the result of this and nothing else.
 */
export function handle(...endpoints: readonly AnyEndpoint[]): Record<(typeof METHODS)[number], Handler> {
  const known = endpoints as unknown as readonly Endpoint[];
  const allow = known.map(({ method }) => method).join(', ');
  const handlers = METHODS.map((method) => {
    const endpoint = known.find((each) => each.method === (method === 'HEAD' ? 'GET' : method));
    return [method, endpoint ? answer(endpoint) : refuse(allow)] as const;
  });
  return Object.fromEntries(handlers) as Record<(typeof METHODS)[number], Handler>;
}

function answer(endpoint: Endpoint): Handler {
  return (request) =>
    guarded(request, endpoint.permission === 'public', async (caller, requestId, asker) => {
      if (endpoint.method === 'POST') checkSameOrigin(request);
      const raw =
        endpoint.method === 'GET'
          ? readQuery(request)
          : await readJsonBody(request, endpoint.maxBodyBytes ?? MAX_BODY_BYTES);
      const cookies: string[] = [];
      const asked = {
        ...requestInfo(request),
        ...caller,
        requestId,
        signal: request.signal,
        setCookie: (cookie: string) => void cookies.push(cookie),
      };
      const leave = await runtime().limits.enter(asker);
      try {
        if (endpoint.reply === null) return await stream(request, endpoint, raw, asked, asker);
        const response = Response.json(await run(endpoint, raw, asked), {
          status: endpoint.status ?? 200,
          headers: { ...API_HEADERS, 'x-request-id': requestId },
        });
        for (const cookie of cookies) response.headers.append('set-cookie', cookie);
        return response;
      } finally {
        leave();
      }
    });
}

function refuse(allow: string): Handler {
  return async (request) => {
    const response = await guarded(request, false, () => {
      throw allow ? new ApiError(405, 'method_not_allowed', 'method_not_allowed', { allow }) : unknownAddress();
    });
    if (response.status === 405) response.headers.set('allow', allow);
    return response;
  };
}

/** What comes before everything else: the host, the address, who asks, and whether that is not too much. */
async function guarded(
  request: Request,
  isPublic: boolean,
  work: (caller: Caller, requestId: string, asker: Asker) => Promise<Response> | Response,
): Promise<Response> {
  const requestId = `req-${randomUUID()}`;
  const { locale, ...info } = requestInfo(request);
  try {
    if (!isOwnHost(request.headers.get('host'))) throw new ApiError(421, 'foreign_host', 'foreign_host');
    const { caller, asker } = await admit(info);
    if (!caller && !isPublic) throw new ApiError(401, 'unauthenticated', 'unauthenticated');
    if (request.headers.has(MALFORMED_URL_HEADER)) throw new ApiError(400, 'invalid', 'malformed_escape');
    return await work(caller ?? { actor: anonymous(info.ip), session: null }, requestId, asker);
  } catch (error) {
    await runtime().limits.holdBack(error);
    return errorResponse(toApiError(error, locale, requestId), requestId);
  }
}

const unknownAddress = () => new ApiError(404, 'not_found', 'unknown_path');

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

/** The same person with the same permissions; asking is no sign of being there. */
async function isStill({ actor }: Caller, request: Request): Promise<boolean> {
  const caller = await authenticate({ ...requestInfo(request), idleMs: Number.MAX_SAFE_INTEGER });
  return caller !== null && JSON.stringify(caller.actor.grants) === JSON.stringify(actor.grants);
}

/** Of the endpoints that answer bit by bit: they count as long as somebody reads them. */
async function stream(
  request: Request,
  endpoint: Endpoint,
  raw: unknown,
  asked: Asked,
  asker: Asker,
): Promise<Response> {
  const close = runtime().limits.openStream(asker);
  try {
    const { status = 200, contentType = BYTES } = endpoint;
    const { body, fileName } = (await run(endpoint, raw, asked)) as StreamReply;
    const headers = new Headers({ ...API_HEADERS, 'content-type': contentType, 'x-request-id': asked.requestId });
    if (fileName) headers.set('content-disposition', `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`);
    const whileAllowed = untilRevoked(body, () => isStill(asked, request), close);
    if (request.method !== 'HEAD') return new Response(whileAllowed, { status, headers });
    // Nobody reads it, and nobody would end it.
    await whileAllowed.cancel();
    return new Response(null, { status, headers });
  } catch (error) {
    close();
    throw error;
  }
}

function errorResponse(error: ApiError, requestId: string): Response {
  const body: ErrorBody = {
    code: error.code,
    message: error.message,
    hint: error.hint,
    requestId,
    details: error.details,
  };
  const { retryAfterS } = error.params;
  return Response.json(body, {
    status: error.status,
    headers: {
      ...API_HEADERS,
      'x-request-id': requestId,
      ...(retryAfterS !== undefined && { 'retry-after': String(retryAfterS) }),
    },
  });
}
