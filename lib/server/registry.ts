import 'server-only';
import type { Endpoint } from './endpoint';
import * as accounts from './endpoints/accounts';
import * as audit from './endpoints/audit';
import * as clusters from './endpoints/clusters';
import * as deadLetters from './endpoints/dead-letters';
import * as groups from './endpoints/groups';
import * as history from './endpoints/history';
import * as jobs from './endpoints/jobs';
import * as lag from './endpoints/lag';
import * as messages from './endpoints/messages';
import * as oidc from './endpoints/oidc';
import * as overview from './endpoints/overview';
import * as own from './endpoints/own';
import * as plans from './endpoints/plans';
import * as raise from './endpoints/raise';
import * as retries from './endpoints/retries';
import * as session from './endpoints/session';
import * as topics from './endpoints/topics';
import * as trace from './endpoints/trace';
import * as why from './endpoints/why';

/** Every endpoint of the HTTP API, for `/api/openapi.json` and the tests that walk over all of them. */
export const endpoints: readonly Endpoint[] = [
  ...Object.values(plans),
  ...Object.values(jobs),
  ...Object.values(deadLetters),
  ...Object.values(messages),
  ...Object.values(retries),
  ...Object.values(trace),
  ...Object.values(clusters),
  ...Object.values(topics),
  ...Object.values(groups),
  ...Object.values(lag),
  ...Object.values(why),
  ...Object.values(history),
  ...Object.values(overview),
  ...Object.values(session),
  ...Object.values(oidc),
  ...Object.values(own),
  ...Object.values(raise),
  ...Object.values(accounts),
  ...Object.values(audit),
] as unknown as Endpoint[];
