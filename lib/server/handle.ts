import 'server-only';
import { randomUUID } from 'node:crypto';
import type { ErrorBody } from '@/lib/contract/error';
import { ApiError, toApiError } from './api-error';
import { type AnyEndpoint, BYTES, type Endpoint, run, StreamReply } from './endpoint';
import { isOwnHost } from './host';
import { readJsonBody } from './read-body';
import { requestInfo } from './request-info';
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
    guarded(request, endpoint.permission === 'public', async (caller, requestId) => {
      if (endpoint.method === 'POST') checkSameOrigin(request);
      const raw =
        endpoint.method === 'GET'
          ? readQuery(request)
          : await readJsonBody(request, endpoint.maxBodyBytes ?? MAX_BODY_BYTES);
      const cookies: string[] = [];
      const reply = await run(endpoint, raw, {
        ...requestInfo(request),
        ...caller,
        requestId,
        signal: request.signal,
        setCookie: (cookie) => void cookies.push(cookie),
      });
      if (reply instanceof StreamReply) return streamed(reply, endpoint, requestId, () => isStill(caller, request));
      const response = Response.json(reply, {
        status: endpoint.status ?? 200,
        headers: { ...API_HEADERS, 'x-request-id': requestId },
      });
      for (const cookie of cookies) response.headers.append('set-cookie', cookie);
      return response;
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

/** What comes before everything else: the host, the address, and who asks. */
async function guarded(
  request: Request,
  isPublic: boolean,
  work: (caller: Caller, requestId: string) => Promise<Response> | Response,
): Promise<Response> {
  const requestId = `req-${randomUUID()}`;
  const { locale, ...info } = requestInfo(request);
  try {
    if (!isOwnHost(request.headers.get('host'))) throw new ApiError(421, 'foreign_host', 'foreign_host');
    const caller = await authenticate(info);
    if (!caller && !isPublic) throw new ApiError(401, 'unauthenticated', 'unauthenticated');
    if (request.headers.has(MALFORMED_URL_HEADER)) throw new ApiError(400, 'invalid', 'malformed_escape');
    return await work(caller ?? { actor: anonymous(info.ip), session: null }, requestId);
  } catch (error) {
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

function streamed(
  { body, fileName }: StreamReply,
  { status = 200, contentType = BYTES }: Pick<Endpoint, 'status' | 'contentType'>,
  requestId: string,
  mayHave: () => Promise<boolean>,
): Response {
  const headers = new Headers({ ...API_HEADERS, 'content-type': contentType, 'x-request-id': requestId });
  if (fileName) headers.set('content-disposition', `attachment; filename="${fileName.replace(/[^\w.-]/g, '_')}"`);
  return new Response(untilRevoked(body, mayHave), { status, headers });
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
