import type { Known } from '@/lib/contract/primitives';
import type { OffsetTable } from '@/lib/rocketmq/codec/offset-table';
import type { SnapshotQueue } from './snapshot';

/** What one master said in one sweep. A broker that stops answering keeps its last ones. */
export interface BrokerFacts {
  broker: string;
  /** Epoch ms when the sweep of this broker ended. */
  asOf: number;
  topics: ReadonlyMap<string, TopicFacts>;
  groups: ReadonlyMap<string, GroupFacts>;
  /** Stored offsets: group, topic → committed offset by queue id, with holes. */
  offsets: ReadonlyMap<string, ReadonlyMap<string, QueueOffsets>>;
  /** Groups that keep broadcast offsets here. */
  broadcastGroups: ReadonlySet<string>;
  connections: ReadonlyMap<string, Known<GroupConnections>>;
  ladder: LadderFacts;
  settings: BrokerSettings;
  /** When its process started, by its own clock, epoch ms. */
  bootAt: number | null;
  /** By which the next sweep sees what has not changed. */
  marks: BrokerMarks;
}

export type QueueOffsets = readonly (number | null | undefined)[];

export interface BrokerMarks {
  /** `DataVersion` of the tables of 21 and 201. */
  topicsVersion: string | null;
  groupsVersion: string | null;
  offsetTable: OffsetTable | null;
  /** Read before any queue was; null when it proves nothing. */
  log: LogMark | null;
}

/** Both ends of the commit log, with every message of it in its queue: while they stay, no queue has changed. */
export interface LogMark {
  min: number;
  max: number;
}

export interface TopicFacts {
  readQueues: number;
  writeQueues: number;
  perm: number;
  order: boolean;
  attributes: Record<string, string>;
  /** Null when the broker would not tell. */
  queues: QueueFacts[] | null;
  /** When the queues were read, epoch ms. */
  readAt: number;
  /** Where the log stood before they were. */
  readBehind: LogMark | null;
  /** When a message was last seen to arrive, epoch ms; 0 = never. */
  movedAt: number;
}

/** The picture shows the same objects. */
export type QueueFacts = SnapshotQueue;

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
  /** What lies before has reached its topic. */
  deliveredTo: number;
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
  /** A commit log that does not move proves that no queue does. */
  provesByLog: boolean;
  /** Sweeps since they were read. */
  age: number;
}

/** Whether nothing can have been written to the broker's queues between the two. */
export const isSameLog = (a: LogMark | null, b: LogMark | null): boolean =>
  a !== null && b !== null && a.max === b.max && a.min === b.min;

/** Until when the queues of a topic are known to be as they are, epoch ms. */
export const topicAsOf = (topic: TopicFacts, { asOf, marks }: Pick<BrokerFacts, 'asOf' | 'marks'>): number =>
  isSameLog(topic.readBehind, marks.log) ? asOf : topic.readAt;
