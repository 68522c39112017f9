import 'server-only';
import { guarded, HEADERS } from './health';
import { openApiDocument } from './openapi';

/** Apart from the health checks: it loads every endpoint there is, and they must answer first. */
export const openApi = (request: Request): Response =>
  guarded(request, () => Response.json(openApiDocument(), { headers: HEADERS }));
