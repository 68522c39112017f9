import 'server-only';
import { ApiError } from './api-error';
import { isOwnOrigin } from './host';

/**
 * Refuses a write that another site's page could have made (safety C08–C10). A browser says where a
 * request comes from; a client that sends neither Origin, Sec-Fetch-Site nor a cookie is no browser.
 */
export function checkSameOrigin(request: Request): void {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new ApiError(415, 'unsupported_media_type', 'unsupported_media_type');
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  const isForeign =
    (site !== null && site !== 'same-origin') ||
    (origin !== null && !isOwnOrigin(origin, request.headers.get('host'))) ||
    (site === null && origin === null && request.headers.get('cookie') !== null);
  if (isForeign) throw new ApiError(403, 'cross_site', 'cross_site');
}
