import type { Known } from '@/lib/contract/primitives';

/** What one master said in one sweep. A broker that stops answering keeps its last ones. */
export interface BrokerFacts {
  broker: string;
  /** Epoch ms when the sweep of this broker ended. */
  asOf: number;
  topics: ReadonlyMap<string, TopicFacts>;
  groups: ReadonlyMap<string, GroupFacts>;
  /** Stored offsets: group, topic, queue id → committed offset. */
  offsets: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<number, number>>>;
  /** Groups that keep broadcast offsets here. */
  broadcastGroups: ReadonlySet<string>;
  connections: ReadonlyMap<string, Known<GroupConnections>>;
  ladder: LadderFacts;
  settings: BrokerSettings;
}

export interface TopicFacts {
  readQueues: number;
  writeQueues: number;
  perm: number;
  order: boolean;
  attributes: Record<string, string>;
  /** Null when the broker would not tell. */
  queues: QueueFacts[] | null;
}

export interface QueueFacts {
  queueId: number;
  minOffset: number;
  maxOffset: number;
  lastStoredAt: number | null;
}

export interface GroupFacts {
  consumeEnabled: boolean;
  broadcastEnabled: boolean | null;
  retryMaxTimes: number | null;
  retryQueues: number | null;
  orderly: boolean | null;
}

/** Who is connected for a group. */
export interface GroupConnections {
  clientIds: string[];
  /** `BROADCASTING` or `CLUSTERING`; null when nobody is connected. */
  messageModel: string | null;
  /** `CONSUME_PASSIVELY`, `CONSUME_ACTIVELY`, `CONSUME_POP`. */
  consumeType: string | null;
  topics: string[];
}

/** Messages that wait in `SCHEDULE_TOPIC_XXXX`, as far as they have been read. */
export interface LadderFacts {
  /** By level, in due order. */
  levels: ReadonlyMap<number, LadderLevel>;
  /** False when the budget of the sweep left some unread. */
  isComplete: boolean;
}
export interface LadderLevel {
  /** Next queue offset to read. */
  readTo: number;
  /** Waiting ones only; offsets below what has been delivered are dropped. */
  waiting: WaitingRetry[];
}
export interface WaitingRetry {
  queueOffset: number;
  /** Epoch ms; null when the broker did not tell its delays. */
  dueAt: number | null;
  /** The `%RETRY%` topic it goes to; null for a user's delayed message. */
  retryTopic: string | null;
}

export interface BrokerSettings {
  version: string | null;
  delayLevelsMs: number[] | null;
  fileReservedHours: number | null;
  traceTopic: string | null;
  /** Sweeps since they were read. */
  age: number;
}
