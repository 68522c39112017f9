import 'server-only';
import { ApiError } from './api-error';
import type { Extra } from './endpoint';

/** A token that got out must not become more than it is. */
export function requireSession(session: Extra['session']): asserts session is NonNullable<Extra['session']> {
  if (!session) throw new ApiError(403, 'forbidden', 'session_needed');
}
