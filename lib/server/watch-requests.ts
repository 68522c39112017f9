import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { hasWellFormedEscapes, MALFORMED_URL_HEADER } from './url-escapes';

/** Address of whoever opened the connection; what a client sent under it is overwritten. */
export const PEER_HEADER = 'x-redrive-peer';

/**
 * Marks what handlers cannot see any more: requests whose address holds a malformed escape, before Next rewrites `%zz`
 * to `%25zz` and the difference to a literal percent sign is gone, and who they come from. With `isBehindProxy` that is
 * what the proxy in front said last. What a client sent under these headers is overwritten.
 */
export function watchRequests(isBehindProxy: boolean): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    if (hasWellFormedEscapes(request.url ?? '')) delete request.headers[MALFORMED_URL_HEADER];
    else request.headers[MALFORMED_URL_HEADER] = '1';
    request.headers[PEER_HEADER] = peerOf(request, isBehindProxy);
  });
}

function peerOf({ headers, socket }: IncomingMessage, isBehindProxy: boolean): string {
  const said = isBehindProxy ? [headers['x-forwarded-for']].flat().join(',').split(',').at(-1)?.trim() : undefined;
  return (said || socket.remoteAddress || 'unknown').replace(/^::ffff:/, '');
}
