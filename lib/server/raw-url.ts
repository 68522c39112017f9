import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { hasWellFormedEscapes, MALFORMED_URL_HEADER } from './url-escapes';

/**
 * Marks requests whose address holds a malformed escape, before Next rewrites `%zz` to `%25zz` and the
 * difference to a literal percent sign is gone. What a client sent under that header is overwritten.
 */
export function watchRawUrls(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    if (hasWellFormedEscapes(request.url ?? '')) delete request.headers[MALFORMED_URL_HEADER];
    else request.headers[MALFORMED_URL_HEADER] = '1';
  });
}
