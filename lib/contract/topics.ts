import { z } from 'zod';
import { statusWord } from './groups';
import { heldQuery, page } from './paging';
import { epochMs, failure, figure, integer, rate, timeInput, topicName, unknownReasons } from './primitives';
import { TOPIC_FEATURES, TOPIC_TYPES } from './words';

export const topicType = z.enum(TOPIC_TYPES);
export type TopicType = z.infer<typeof topicType>;

export const topicsQuery = heldQuery.extend({
  type: topicType.optional(),
  has: z.enum(TOPIC_FEATURES).optional(),
  /** Retry, DLQ and system topics are folded away unless asked for. */
  internal: z.enum(['true', 'false']).optional(),
});
export const topicRow = z.object({
  topic: z.string(),
  type: topicType,
  queues: integer,
  brokers: z.array(z.string()),
  /** Its configuration is not the same on every broker. */
  differs: z.boolean(),
  /** Σ (max − min) over the queues known. */
  kept: figure,
  /** Messages per second over the last minute: written, and read by all its groups together. */
  inPerS: rate,
  outPerS: rate,
  /** Messages per second written, a value for every two minutes of the last hour, oldest first; null where nobody looked. */
  inHistory: z.array(z.number().nullable()),
  groups: integer,
  /** Lag of the group behind most, in messages, who it is and its status. */
  worstLag: figure,
  worstGroup: z.string().nullable(),
  worstStatus: statusWord.nullable(),
  /** How long a broker keeps a message, ms. */
  retentionMs: figure,
  /** Until retention may take the oldest message that some group has not read, ms; below 0: it may be gone. Null also when nothing waits. */
  unreadSafeForMs: figure,
  lastStoredAt: epochMs.nullable(),
  unknown: unknownReasons,
});
export type TopicRow = z.infer<typeof topicRow>;
/** `counts` holds topics per type and per `has` feature, before those two filters; `inPerS` what all of them are written together. */
export const topicsReply = page(topicRow).extend({
  hiddenInternal: integer,
  counts: z.record(z.string(), integer),
  inPerS: rate,
  unknown: unknownReasons,
});
export type TopicsReply = z.infer<typeof topicsReply>;

export const topicDetailQuery = z.object({ cluster: z.string().min(1).max(255).optional(), topic: topicName });
export const topicDetail = z.object({
  topic: z.string(),
  type: topicType,
  kept: figure,
  inPerS: rate,
  inHistory: z.array(z.number().nullable()),
  /** Where the newest value of `inHistory` ends; null while there is none. */
  inHistoryTo: epochMs.nullable(),
  retentionMs: figure,
  lastStoredAt: epochMs.nullable(),
  queues: z.array(
    z.object({
      broker: z.string(),
      queueId: integer,
      minOffset: figure,
      maxOffset: figure,
      kept: figure,
      lastStoredAt: epochMs.nullable(),
      unknown: unknownReasons,
    }),
  ),
  groups: z.array(
    z.object({
      group: z.string(),
      status: statusWord,
      members: figure,
      lag: figure,
      /** Messages per second that it reads of this topic. */
      outPerS: rate,
      deadLetters: figure,
      unknown: unknownReasons,
    }),
  ),
  route: z.array(
    z.object({
      broker: z.string(),
      address: z.string().nullable(),
      replicas: z.array(z.object({ brokerId: integer, address: z.string() })),
      perm: integer,
      readQueues: integer,
      writeQueues: integer,
    }),
  ),
  /** Configuration per broker; `differs` names keys that are not the same everywhere. */
  config: z.array(z.object({ broker: z.string(), values: z.record(z.string(), z.string()) })),
  differs: z.array(z.string()),
  asOf: epochMs,
  failures: z.array(failure),
  unknown: unknownReasons,
});
export type TopicDetail = z.infer<typeof topicDetail>;

/** Who wrote the newest message of each queue. */
export const topicProducers = z.object({
  topic: z.string(),
  producers: z.array(
    z.object({
      /** Null when no client is connected from that address any more, or it sends through a Proxy. */
      group: z.string().nullable(),
      clientId: z.string().nullable(),
      /** Where the message was sent from, `host:port`. */
      address: z.string(),
      language: z.string().nullable(),
      /** Of its newest message among those looked at. */
      lastStoredAt: epochMs,
      /** Queues whose newest message it wrote. */
      queues: integer,
    }),
  ),
  /** Queues with a message that were looked at. */
  queues: integer,
  asOf: epochMs,
  failures: z.array(failure),
});
export type TopicProducers = z.infer<typeof topicProducers>;

/** Most bars of a histogram. */
export const HISTOGRAM_BUCKETS = 48;
export const topicHistogramQuery = z
  .object({
    cluster: z.string().min(1).max(255).optional(),
    topic: topicName,
    /** Left out: the store time of the oldest message kept. */
    from: timeInput.optional(),
    /** Left out: now. Buckets that have not begun are not answered, and the last one ends now. */
    to: timeInput.optional(),
    /** Fewer are answered for a topic of many queues. */
    buckets: z.coerce.number().int().min(1).max(HISTOGRAM_BUCKETS).default(HISTOGRAM_BUCKETS),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['from'],
    message: 'range_reversed',
  });
export const topicHistogram = z.object({
  topic: z.string(),
  from: epochMs,
  to: epochMs,
  queues: integer,
  /** Store time of the oldest message kept, epoch ms; only told when `from` was left out. */
  oldestStoredAt: epochMs.nullable(),
  /** Messages stored at or after `from` and before the next one's `from`, the last before `to`. */
  buckets: z.array(z.object({ from: epochMs, count: figure })),
  total: figure,
  asOf: epochMs,
  failures: z.array(failure),
  /** `total` set: some queues are missing, and so they are in every bucket. */
  unknown: unknownReasons,
});
export type TopicHistogram = z.infer<typeof topicHistogram>;
