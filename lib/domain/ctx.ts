import type { Grant } from '@/lib/contract/permissions';
import type { RocketMQClient } from '@/lib/rocketmq/client';
import type { AuthMethod } from '@/lib/store/accounts-schema';
import type { Store } from '@/lib/store/open';
import type { CrashPoint } from './crash-point';
import type { MaskRule } from './masking/rule';
import type { Snapshot } from './snapshot/snapshot';

/** Who asks. */
export interface Actor {
  id: string;
  name: string;
  /** Names of roles, for the audit trail and the eye; what counts are the grants. */
  roles: readonly string[];
  grants: readonly Grant[];
  /** Of an API token: nothing beyond this, whatever its account may do. */
  within: Grant | null;
  authMethod: AuthMethod;
  /** Names the session or token in the audit trail without being able to act as it; null: neither. */
  sessionHash: string | null;
  /** Where the request came from, for the audit trail. */
  ip: string;
}

export interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Everything a verb may use. Passed, never imported. */
export interface Ctx {
  /** Name of the cluster in our configuration. */
  cluster: string;
  actor: Actor;
  client: RocketMQClient;
  /** The latest picture of the cluster; null until the first sweep has ended. */
  snapshot(): Snapshot | null;
  store: Store;
  log: Log;
  signal: AbortSignal;
  /** Epoch milliseconds. */
  now(): number;
  /** Epoch ms by which the whole page or request has to be answered. */
  deadlineAt: number;
  requestId: string;
  /** Messages per second that a redrive may be given at most. */
  maxRate: number;
  /** What of messages is hidden from whom may not read all of them. */
  maskRules?: readonly MaskRule[];
  /** Which reads of a body go into the audit trail; unless told otherwise those of masked topics. */
  auditBodyReads?: 'off' | 'masked' | 'all';
  /** So many letters a redrive holds in a list, unless told otherwise `MAX_LETTERS`; fault tests make them fewer. */
  listLetters?: number;
  /** Tests stop the process at a named point of a job (safety §5.8); absent in production. */
  crashPoint?(name: CrashPoint): void;
}
