import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopbackHost } from './host';
import { hasWellFormedEscapes, MALFORMED_URL_HEADER } from './url-escapes';

/** Address of whoever opened the connection; what a client sent under it is overwritten. */
export const PEER_HEADER = 'x-redrive-peer';

/** Number of the request in this process. */
export const NUMBER_HEADER = 'x-redrive-request';

/** A year. */
const STAY_WITH_TLS = 'max-age=31536000';

/** Calls `done` once the request of that number has been answered, or nobody waits for the answer any more. */
export type WhenAnswered = (number: string | null, done: () => void) => void;

/**
 * Marks what handlers cannot see any more: requests whose address holds a malformed escape, before Next rewrites `%zz`
 * to `%25zz` and the difference to a literal percent sign is gone, and who they come from. With `isBehindProxy` that is
 * what the proxy in front said last; browsers that come by HTTPS are told to keep to it. What a client sent under these headers is overwritten.
 */
export function watchRequests({ isBehindProxy, isHttps }: { isBehindProxy: boolean; isHttps: boolean }): WhenAnswered {
  const open = new Map<string, ServerResponse>();
  let last = 0;
  subscribe('http.server.request.start', (message) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse };
    const number = String(++last);
    open.set(number, response);
    response.once('close', () => open.delete(number));
    request.headers[NUMBER_HEADER] = number;
    const { url = '' } = request;
    if (hasWellFormedEscapes(url)) delete request.headers[MALFORMED_URL_HEADER];
    else {
      request.headers[MALFORMED_URL_HEADER] = '1';
      // A path that cannot be read is a 500 of the framework; another address of its kind is refused by us.
      if (!hasWellFormedEscapes(url.split('?', 1)[0] ?? '')) request.url = url.startsWith('/api/') ? '/api/x' : '/x';
    }
    // The framework cannot make a request of it, and answers 500.
    if (request.method === 'TRACE') request.method = 'PUT';
    request.headers[PEER_HEADER] = peerOf(request, isBehindProxy);
    // By the name of this machine browsers would hold every other server on it to HTTPS as well.
    if (isHttps && !isLoopbackHost(request.headers.host ?? null))
      response.setHeader('strict-transport-security', STAY_WITH_TLS);
  });
  return (number, done) => {
    const response = open.get(number ?? '');
    if (response) response.once('close', done);
    else done();
  };
}

function peerOf({ headers, socket }: IncomingMessage, isBehindProxy: boolean): string {
  const said = isBehindProxy ? [headers['x-forwarded-for']].flat().join(',').split(',').at(-1)?.trim() : undefined;
  return (said || socket.remoteAddress || 'unknown').replace(/^::ffff:/, '');
}
