import { z } from 'zod';
import { listQuery, page } from './paging';
import { epochMs, failure, figure, groupName, integer, topicName, unknownReasons } from './primitives';
import { STATUS_WORDS } from './words';

/** Worst first; for a group's worst queue UNKNOWN is worse than OK. */
export const statusWord = z.enum(STATUS_WORDS);
export type StatusWord = z.infer<typeof statusWord>;
export const groupMode = z.enum(['CLUSTERING', 'BROADCASTING', 'POP', 'UNKNOWN']);

/** The rule that fired: message key under `status_rule.` and its parameters. */
export const statusRule = z.object({
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
/** Ten ticks, newest last: advance of the committed offset since the sample before; null = no sample; negative = went back. */
export const tape = z.array(z.int().nullable());

export const groupsQuery = listQuery.extend({
  status: statusWord.optional(),
  has: z.enum(['dead', 'no-members']).optional(),
  internal: z.enum(['true', 'false']).optional(),
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
export const groupsReply = page(groupRow).extend({ counts: z.record(z.string(), integer), hiddenSystem: integer });
export type GroupsReply = z.infer<typeof groupsReply>;

export const groupDetailQuery = z.object({ cluster: z.string().min(1).max(255).optional(), group: groupName });
export const groupDetail = z.object({
  group: z.string(),
  mode: groupMode,
  status: statusWord,
  rule: statusRule,
  tape,
  /** Members by client id, merged over brokers. */
  members: z.array(
    z.object({
      clientId: z.string(),
      address: z.string(),
      language: z.string(),
      version: z.string(),
      brokers: z.array(z.string()),
      /** Queues it holds, `broker/queueId` by topic; null when its running information could not be read. */
      queues: z.array(z.object({ topic: z.string(), broker: z.string(), queueId: integer })).nullable(),
    }),
  ),
  membersKnown: z.boolean(),
  subscriptions: z.array(z.object({ topic: z.string(), expression: z.string(), type: z.string() })),
  lag: figure,
  lagMs: figure,
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
  clientId: z.string().nullable(),
  status: statusWord,
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
