import 'server-only';
import { ApiError } from './api-error';

/**
 * Refuses a write that another site's page could have made (safety C08–C10). A browser says where a
 * request comes from; a client that sends neither Origin, Sec-Fetch-Site nor a cookie is no browser
 * and passes on loopback until sign-in exists.
 */
export function checkSameOrigin(request: Request): void {
  const type = request.headers.get('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type))
    throw new ApiError(415, 'unsupported_media_type', 'unsupported_media_type');
  const site = request.headers.get('sec-fetch-site');
  const origin = request.headers.get('origin');
  if (site !== null && site !== 'same-origin') throw new ApiError(403, 'cross_site', 'cross_site');
  if (origin !== null && origin !== `http://${request.headers.get('host')}`)
    throw new ApiError(403, 'cross_site', 'cross_site');
  if (site === null && origin === null && request.headers.get('cookie') !== null)
    throw new ApiError(403, 'cross_site', 'cross_site');
}
