import type { Failure, Known } from '@/lib/contract/primitives';
import type { UnknownReason } from '../unknown-reasons';
import type { BrokerFacts } from './broker-facts';
import type { GroupRows } from './group-rows';
import type { Outcome } from './read-brokers';
import type { TopicFlow } from './topic-flow';

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
  /** How fast each topic of an application is written. */
  flows: ReadonlyMap<string, TopicFlow>;
  /** Brokers or NameServers that did not answer; their rows are those of an earlier sweep or missing. */
  failures: Failure[];
  /** What each broker said last, by broker name: the next sweep keeps it for a broker that does not answer. */
  facts: ReadonlyMap<string, BrokerFacts>;
  /** Who holds which queue, of groups that seemed to stand still: read for the next sweep's verdict. */
  holders: ReadonlyMap<string, GroupHolders>;
  /** Brokers that are still being read: the next sweep takes that up instead of asking again. */
  unfinished?: ReadonlyMap<string, Promise<Outcome>>;
  /** Groups (`g name`) and topics (`t name`) that somebody looked at, and when; carried from sweep to sweep. */
  watched?: Map<string, number>;
  /** Store times by `broker topic queue offset`, filled by whoever reads one: they never change. Carried from sweep to sweep. */
  storeTimes: Map<string, number>;
}

export interface SnapshotBroker {
  name: string;
  cluster: string;
  masterAddress: string | null;
  slaves: number;
  /** e.g. `V5_5_0`, from runtime information. */
  version: string | null;
  /** ok = answered this sweep; stale = earlier data kept; silent = nothing known. */
  state: 'ok' | 'stale' | 'silent';
  asOf: number | null;
  /** Delay of each level in ms, index 0 = level 1; from the broker's own configuration. */
  delayLevelsMs: number[] | null;
  /** How long it keeps messages (`fileReservedTime`), ms; null while that is not read. */
  retentionMs: number | null;
  traceTopic: string | null;
  /** When its process started, by its own clock, epoch ms; null where it does not say. */
  bootAt: number | null;
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
  /** Set when the queues of some broker are not among them. */
  partial: UnknownReason | null;
}

export interface SnapshotQueue {
  broker: string;
  queueId: number;
  minOffset: number;
  maxOffset: number;
  /** Epoch ms; null when the queue is empty. */
  lastStoredAt: number | null;
}

export type GroupMode = 'CLUSTERING' | 'BROADCASTING' | 'POP' | 'UNKNOWN';
export type StatusWord = 'OK' | 'WARN' | 'STALLED' | 'STOPPED' | 'REWOUND' | 'NO_MEMBERS' | 'FROZEN' | 'UNKNOWN';

export interface SnapshotGroup {
  name: string;
  system: boolean;
  mode: GroupMode;
  /** Connected clients; unknown where a broker cannot know (gRPC behind a Proxy) or did not answer. */
  members: Known<number>;
  /** Since when no broker has seen a client, epoch ms; null while one has. */
  offlineSince: number | null;
  /** Business topics with a stored offset or a subscription. */
  topics: string[];
  consumeEnabled: boolean;
  retryMaxTimes: number | null;
  /** Business topics and its retry topics, per queue with a stored offset; made from `rows` by the first look at it. */
  readonly queues: SnapshotGroupQueue[];
  /** The same as columns, for whoever goes through many groups; missing where there is no queue. */
  rows?: GroupRows;
  /** Queues of its topics that hold messages but no offset of the group: what waits there is not known. */
  queuesWithoutOffset: { topic: string; broker: string; queueId: number }[];
  /** Not yet consumed in business topics. */
  lag: Known<number>;
  /** Set when the figures leave something out; a figure of 0 is then unknown. */
  partial: UnknownReason | null;
  /** Ten ticks of the whole group, newest last: advance of the committed offsets; null where a sample is missing. */
  tape: (number | null)[];
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
  /** A retry topic of the group: counted in `retriesDue`, not in `lag`. */
  isRetry: boolean;
  committedOffset: number;
  maxOffset: number;
  minOffset: number;
  asOf: number;
  status: StatusWord;
  rule: { key: string; params: Record<string, string | number> };
  /** Up to ten, oldest first, at least five seconds apart. */
  samples: Sample[];
  /** Where the offset stood before it went back, until it is there again (at most 24 h). */
  rewound: { from: number; at: number } | null;
}

export interface Sample {
  at: number;
  committed: number;
  max: number;
}

/** The window of a queue as it is carried from sweep to sweep. */
export type WindowSeed = Pick<SnapshotGroupQueue, 'samples' | 'rewound'>;

/** Queues that the members of a group say they hold, as `topic broker queueId`; null when one of them did not answer. */
export interface GroupHolders {
  at: number;
  held: ReadonlySet<string> | null;
}
