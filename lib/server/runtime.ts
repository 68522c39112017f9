import 'server-only';
import type { SignInThrottle } from '@/lib/domain/accounts/throttle';
import type { Ctx } from '@/lib/domain/ctx';
import type { RocketMQClient } from '@/lib/rocketmq/client';
import type { Store } from '@/lib/store/open';
import type { ClusterConfig, Settings } from './env';
import type { JobRunner } from './job-runner';
import type { Limits } from './limits';
import type { OidcSignIn } from './oidc';
import type { PageDoor } from './page-door';
import type { RaiseWatch } from './raises';
import type { SetupLink } from './setup-link';
import type { Sweeper } from './sweeper';
import type { Turns } from './turns';

export interface ClusterRuntime {
  config: ClusterConfig;
  client: RocketMQClient;
  sweeper: Sweeper;
  ledgers: Turns;
  copies: Turns;
}

export interface Runtime {
  settings: Settings;
  store: Store;
  clusters: Map<string, ClusterRuntime>;
  jobs: JobRunner;
  startedAt: number;
  throttle: SignInThrottle;
  /** Null: no OpenID provider is configured. */
  oidc: OidcSignIn | null;
  raises: RaiseWatch;
  limits: Limits;
  /** For proxy.ts, which is a bundle of its own. */
  pageDoor: PageDoor;
  /** Null once there is an account. */
  setup: SetupLink | null;
  /** Of a crash test only. */
  crashPoint?: Ctx['crashPoint'];
}

// In a standalone build a module variable exists once per bundle; only globalThis is one per process.
const KEY = Symbol.for('redrive.runtime');
const holder = globalThis as { [KEY]?: Runtime };

export function runtime(): Runtime {
  const current = holder[KEY];
  if (!current) throw new Error('The runtime has not been started: instrumentation.ts does that.');
  return current;
}

export function setRuntime(next: Runtime | undefined): void {
  holder[KEY] = next;
}

export const isRunning = (): boolean => holder[KEY] !== undefined;
