import 'server-only';
import { subscribe } from 'node:diagnostics_channel';
import type { IncomingMessage } from 'node:http';
import { isWellFormedQuery, MALFORMED_URL_HEADER } from './query-string';

/**
 * Marks requests whose address holds a malformed escape, before Next rewrites `%zz` to `%25zz` and the
 * difference to a literal percent sign is gone. What a client sent under that header is overwritten.
 */
export function watchRawUrls(): void {
  subscribe('http.server.request.start', (message) => {
    const { request } = message as { request: IncomingMessage };
    if (isWellFormedQuery(request.url ?? '')) delete request.headers[MALFORMED_URL_HEADER];
    else request.headers[MALFORMED_URL_HEADER] = '1';
  });
}
