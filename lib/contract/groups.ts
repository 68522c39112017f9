import { z } from 'zod';
import { heldQuery, page } from './paging';
import { epochMs, failure, figure, groupName, integer, rate, topicName, unknownReasons } from './primitives';
import { STATUS_WORDS } from './words';

/** Worst first; for a group's worst queue UNKNOWN is worse than OK. */
export const statusWord = z.enum(STATUS_WORDS);
export type StatusWord = z.infer<typeof statusWord>;
export const groupMode = z.enum(['CLUSTERING', 'BROADCASTING', 'POP', 'UNKNOWN']);

/** A message key and what fills it: `…Ms` is a duration, `…PerS` a rate, `…Share` a part of 1, `…At` a time. */
export const said = z.object({
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Said = z.infer<typeof said>;
/** The rule that fired: message key under `status_rule.` and its parameters. */
export const statusRule = said;
/** Time until nothing waits at the present rates, ms; `never` when as much is added as is read. Null as a figure is. */
export const drain = z.union([z.int(), z.literal('never')]).nullable();
/** Ten ticks, newest last: advance of the committed offset since the sample before; null = no sample; negative = went back. */
export const tape = z.array(z.int().nullable());

export const groupsQuery = heldQuery.extend({
  status: statusWord.optional(),
  has: z.enum(['dead', 'no-members']).optional(),
  internal: z.enum(['true', 'false']).optional(),
  /** `hide` leaves out groups with nobody connected and nothing waiting, due or dead. */
  idle: z.enum(['show', 'hide']).optional(),
});
export const groupRow = z.object({
  group: z.string(),
  mode: groupMode,
  system: z.boolean(),
  status: statusWord,
  rule: statusRule,
  tape,
  topics: z.array(z.string()),
  members: figure,
  /** Messages not yet consumed in business topics (retry topics are counted in `retries`). */
  lag: figure,
  /** Age of the oldest unread message in ms: `exact` when read from the broker, else an estimate. */
  lagMs: figure,
  lagMsExact: z.boolean(),
  retries: figure,
  deadLetters: figure,
  unknown: unknownReasons,
});
export type GroupRow = z.infer<typeof groupRow>;
export const groupsReply = page(groupRow).extend({
  counts: z.record(z.string(), integer),
  hiddenSystem: integer,
  hiddenIdle: integer,
});
export type GroupsReply = z.infer<typeof groupsReply>;

export const groupDetailQuery = z.object({ cluster: z.string().min(1).max(255).optional(), group: groupName });
const subscription = z.object({ topic: z.string(), expression: z.string(), type: z.string() });
/** What a client said of itself when it was asked; every part may be missing, by its SDK. */
export const memberRunning = z.object({
  startedAt: epochMs.nullable(),
  /** `push`, `pull` or `pop`. */
  consumeType: z.string().nullable(),
  orderly: z.boolean().nullable(),
  threadsMin: integer.nullable(),
  threadsMax: integer.nullable(),
  /** A client stops pulling a queue with more than this many messages in memory. */
  cacheLimit: integer.nullable(),
  okPerS: rate,
  failedPerS: rate,
  /** Of one message on average, ms. */
  consumeMs: z.number().nullable(),
  subscriptions: z.array(subscription),
});
export const memberQueue = z.object({
  topic: z.string(),
  broker: z.string(),
  queueId: integer,
  /** In the client's memory, not yet consumed. */
  cached: integer.nullable(),
  committedOffset: integer.nullable(),
  /** By the client's own clock. */
  lastPullAt: epochMs.nullable(),
  lastConsumeAt: epochMs.nullable(),
  /** Of an orderly client: it has the lock of the queue. */
  locked: z.boolean().nullable(),
});
export const groupMember = z.object({
  clientId: z.string(),
  address: z.string(),
  language: z.string(),
  version: z.string(),
  brokers: z.array(z.string()),
  /** Worst status of the queues it holds; null when they are not known. */
  status: statusWord.nullable(),
  /** Queues it holds; null when its running information could not be read, for the reason in `notRead`. */
  queues: z.array(memberQueue).nullable(),
  running: memberRunning.nullable(),
  notRead: z.string().nullable(),
});
export type GroupMember = z.infer<typeof groupMember>;

export const groupDetail = z.object({
  group: z.string(),
  mode: groupMode,
  status: statusWord,
  rule: statusRule,
  /** What is true now: clauses under `groups.sentence_parts`, to be read one after the other. */
  sentence: z.array(said),
  tape,
  /** Members by client id, merged over brokers. */
  members: z.array(groupMember),
  membersKnown: z.boolean(),
  subscriptions: z.array(subscription),
  lag: figure,
  lagMs: figure,
  /** False: interpolated from samples. */
  lagMsExact: z.boolean(),
  inPerS: rate,
  outPerS: rate,
  /** Of its slowest queue. */
  drainMs: drain,
  /** Waiting and due together; where one of the two is unknown, at least so many. */
  retries: figure,
  retriesWaiting: figure,
  retriesDue: figure,
  nextRetryAt: epochMs.nullable(),
  deadLetters: figure,
  lastDeadAt: epochMs.nullable(),
  topics: z.array(z.string()),
  config: z.object({
    consumeEnabled: z.boolean(),
    broadcastEnabled: z.boolean().nullable(),
    retryMaxTimes: integer.nullable(),
    retryQueues: integer.nullable(),
    orderly: z.boolean().nullable(),
  }),
  /** Another job holds the group's lock. */
  activeJob: z.object({ id: z.string(), kind: z.string(), state: z.string() }).nullable(),
  /** A finished reset that may still be undone. */
  undo: z.object({ jobId: z.string(), topic: z.string(), at: epochMs, actor: z.string() }).nullable(),
  asOf: epochMs,
  failures: z.array(failure),
  unknown: unknownReasons,
});
export type GroupDetail = z.infer<typeof groupDetail>;

export const lagQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  topic: topicName.optional(),
});
export const lagQueue = z.object({
  topic: z.string(),
  broker: z.string(),
  queueId: integer,
  /** null = the group has no stored offset on this queue. */
  committedOffset: figure,
  minOffset: figure,
  maxOffset: figure,
  lag: figure,
  /** Store time of the next unread message; null when nothing waits or it could not be read. */
  nextUnreadStoredAt: epochMs.nullable(),
  lagMs: figure,
  /** False: interpolated from samples. */
  lagMsExact: z.boolean(),
  inPerS: rate,
  outPerS: rate,
  /** When the group's offset last moved, as far back as the samples go. */
  lastMovedAt: epochMs.nullable(),
  clientId: z.string().nullable(),
  status: statusWord,
  rule: statusRule,
  tape,
  unknown: unknownReasons,
});
export type LagQueue = z.infer<typeof lagQueue>;
export const lagReply = z.object({
  group: z.string(),
  queues: z.array(lagQueue),
  totals: z.object({ lag: figure, retryLag: figure, maxLagMs: figure, queues: integer, unknown: unknownReasons }),
  asOf: epochMs,
  failures: z.array(failure),
});
export type LagReply = z.infer<typeof lagReply>;
