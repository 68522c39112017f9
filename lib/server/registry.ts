import 'server-only';
import type { Endpoint } from './endpoint';
import * as jobs from './endpoints/jobs';
import * as plans from './endpoints/plans';

/** Every endpoint of the HTTP API, for `/api/openapi.json` and the tests that walk over all of them. */
export const endpoints: readonly Endpoint[] = [
  ...Object.values(plans),
  ...Object.values(jobs),
] as unknown as Endpoint[];
