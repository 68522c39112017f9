import type { Generated } from 'kysely';

// The ledger of dead letters: a copy of what the dead-letter queues hold, without bodies. It is rebuilt from the cluster
// when it is lost. Conventions as in schema.ts.

/** Ledger word of a letter, safety §5.9. Made by the view `letterWord` from the journal, nowhere else. */
export type LetterState =
  | 'dead'
  | 'redriving'
  | 'redriven'
  | 'consumed'
  | 'dead_again'
  | 'unknown'
  | 'handled'
  | 'expired';

export interface LetterGroupTable {
  id: Generated<number>;
  cluster: string;
  /** The consumer group whose messages died. */
  name: string;
}

/** What letters of a group have in common in how they failed. */
export interface LetterFailureTable {
  id: Generated<number>;
  groupId: number;
  /** `property`: what the application wrote into the message; `shape`: nothing did, these only look alike. */
  kind: 'property' | 'shape';
  /** Tells failures of one kind apart: ids and numbers taken out of the text. */
  key: string;
  /** For people: the first text, or topic, tag and shape of the body as JSON. */
  label: string;
}

/** What somebody wrote about a failure; at most one each. */
export interface FailureNoteTable {
  id: Generated<number>;
  cluster: string;
  group: string;
  kind: LetterFailureTable['kind'];
  key: string;
  text: string;
  writtenBy: string;
  writtenAt: number;
}

/** What a trace told of a letter when somebody looked it up: how its last traced attempt ended, and on which client. */
export interface LetterTraceTable {
  groupId: number;
  broker: string;
  phyOffset: number;
  result: string;
  client: string | null;
  tracedAt: number;
}

/** How many letters a ledger has that the cluster still holds, kept as they come and go. */
export interface LetterTallyTable {
  groupId: number;
  broker: string;
  /** Empty where it is not known. */
  originTopic: string;
  /** 1: without a body. */
  isEmpty: number;
  /** 0 where all of them have gone. */
  count: number;
  bytes: number;
}

/** A stretch of a queue that has been read: offsets from `from` to below `to`. */
export interface LetterSpanTable {
  groupId: number;
  broker: string;
  queueId: number;
  from: number;
  to: number;
  /** Store time of its oldest letter; null when none of it could be decoded. */
  fromAt: number | null;
  /** Place of that letter. */
  fromPhyOffset: number | null;
  /** Place of its newest letter: another one there means that the topic was made anew. */
  lastPhyOffset: number | null;
  damaged: number;
}

export interface LetterTable {
  id: Generated<number>;
  groupId: number;
  broker: string;
  queueId: number;
  queueOffset: number;
  phyOffset: number;
  /** Empty when it has none. */
  uniqKey: string;
  /** As in the message, with blanks between. */
  keys: string;
  tag: string;
  originTopic: string | null;
  bornAt: number;
  /** When it died. */
  storedAt: number;
  reconsumeTimes: number;
  attempts: number;
  bodyBytes: number;
  causeProperty: string | null;
  causeText: string | null;
  failureId: number;
  /** The job and item whose copy this is, when a redriven message died again. */
  rdxOp: string | null;
  rdxN: number | null;
  state: LetterState;
  jobId: string | null;
  handledBy: string | null;
  /** When it was seen that the cluster no longer has it. */
  goneAt: number | null;
}
