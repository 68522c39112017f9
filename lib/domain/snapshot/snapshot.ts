import type { Failure, Known } from '@/lib/contract/primitives';

/** One immutable picture of a cluster, taken by the background sweep. */
export interface Snapshot {
  /** Rises by one per sweep; clients poll by it. */
  version: number;
  /** When the sweep ended, epoch ms. */
  asOf: number;
  /** How long it took, ms, and how many requests it cost. */
  tookMs: number;
  requests: number;
  brokers: SnapshotBroker[];
  topics: Map<string, SnapshotTopic>;
  groups: Map<string, SnapshotGroup>;
  /** Brokers or NameServers that did not answer; their rows are those of an earlier sweep or missing. */
  failures: Failure[];
}

export interface SnapshotBroker {
  name: string;
  cluster: string;
  masterAddress: string | null;
  replicas: number;
  /** e.g. `V5_5_0`, from runtime information. */
  version: string | null;
  /** ok = answered this sweep; stale = earlier data kept; silent = nothing known. */
  state: 'ok' | 'stale' | 'silent';
  asOf: number | null;
  /** Delay of each level in ms, index 0 = level 1; from the broker's own configuration. */
  delayLevelsMs: number[] | null;
  /** Retention of the commit log in hours. */
  fileReservedHours: number | null;
  traceTopic: string | null;
}

export type TopicType =
  | 'NORMAL'
  | 'FIFO'
  | 'DELAY'
  | 'TRANSACTION'
  | 'MIXED'
  | 'UNSPECIFIED'
  | 'RETRY'
  | 'DLQ'
  | 'SYSTEM';

export interface SnapshotTopic {
  name: string;
  type: TopicType;
  /** Per broker that holds it. */
  config: {
    broker: string;
    readQueues: number;
    writeQueues: number;
    perm: number;
    order: boolean;
    attributes: Record<string, string>;
  }[];
  queues: SnapshotQueue[];
}

export interface SnapshotQueue {
  broker: string;
  queueId: number;
  minOffset: number;
  maxOffset: number;
  /** Epoch ms; null when the queue is empty. */
  lastStoredAt: number | null;
  asOf: number;
}

export type GroupMode = 'CLUSTERING' | 'BROADCASTING' | 'POP' | 'UNKNOWN';
export type StatusWord = 'OK' | 'WARN' | 'STALLED' | 'STOPPED' | 'REWOUND' | 'NO_MEMBERS' | 'FROZEN' | 'UNKNOWN';

export interface SnapshotGroup {
  name: string;
  system: boolean;
  mode: GroupMode;
  /** Connected clients; unknown where a broker cannot know (gRPC behind a Proxy) or did not answer. */
  members: Known<number>;
  consumeEnabled: boolean;
  retryMaxTimes: number | null;
  /** Business topics and its retry topics, per queue with a stored offset. */
  queues: SnapshotGroupQueue[];
  /** Messages in `%RETRY%group` not yet taken plus those waiting for their delay. */
  retriesDue: Known<number>;
  retriesWaiting: Known<number>;
  /** Next due time of a waiting retry, epoch ms. */
  nextRetryAt: number | null;
  deadLetters: Known<number>;
  /** Epoch ms when the newest dead letter was stored. */
  lastDeadAt: number | null;
  status: StatusWord;
  /** The rule that fired with its numbers: message key under `status_rule.*` and its parameters. */
  rule: { key: string; params: Record<string, string | number> };
}

export interface SnapshotGroupQueue {
  topic: string;
  broker: string;
  queueId: number;
  committedOffset: number;
  maxOffset: number;
  minOffset: number;
  /** Last consumed message's store time as the broker says, epoch ms; null when unknown. */
  lastConsumedStoredAt: number | null;
  asOf: number;
  status: StatusWord;
  /** Up to ten committed offsets, oldest first, with their times; null where a sample is missing. */
  samples: { at: number; committed: number; max: number }[];
}
