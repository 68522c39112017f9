import 'server-only';
import type { Endpoint } from './endpoint';

/** Every endpoint of the HTTP API, for `/api/openapi.json` and the tests that walk over all of them. */
export const endpoints: readonly Endpoint[] = [];
