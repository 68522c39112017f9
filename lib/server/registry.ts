import 'server-only';
import type { Endpoint } from './endpoint';
import * as deadLetters from './endpoints/dead-letters';
import * as jobs from './endpoints/jobs';
import * as messages from './endpoints/messages';
import * as plans from './endpoints/plans';
import * as retries from './endpoints/retries';

/** Every endpoint of the HTTP API, for `/api/openapi.json` and the tests that walk over all of them. */
export const endpoints: readonly Endpoint[] = [
  ...Object.values(plans),
  ...Object.values(jobs),
  ...Object.values(deadLetters),
  ...Object.values(messages),
  ...Object.values(retries),
] as unknown as Endpoint[];
