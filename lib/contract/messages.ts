import { z } from 'zod';
import { masked } from './masking';
import { epochMs, failure, groupName, integer } from './primitives';

/**
 * Where a stored record lies: `broker:physicalOffset`. The address inside a RocketMQ message id is never
 * dialled, so our lists hand out this id instead; it is what `ids` of a plan and `id` of a detail take.
 */
export const recordId = z
  .string()
  .max(300)
  .regex(/^[^\p{Cc}\s:]+:\d{1,16}$/u, 'record_id_malformed');

export const bodyView = z.object({
  kind: z.enum(['json', 'text', 'binary', 'empty', 'unreadable', 'masked']),
  /** Text for json and text, hex for binary; at most 256 KiB. */
  text: z.string(),
  truncated: z.boolean(),
  /** Bytes after decompression; null when unreadable. */
  sizeBytes: integer.nullable(),
  storedBytes: integer,
  compression: z.enum(['zlib', 'lz4', 'zstd', 'unknown']).nullable(),
  /** Message key under `body.` when kind is unreadable. */
  reason: z.string().nullable(),
});
export const messageDetail = z.object({
  id: z.string(),
  topic: z.string(),
  broker: z.string(),
  queueId: integer,
  queueOffset: integer,
  physicalOffset: integer,
  offsetMessageId: z.string(),
  uniqKey: z.string().nullable(),
  keys: z.array(z.string()),
  tag: z.string().nullable(),
  bornAt: epochMs,
  bornHost: z.string(),
  storedAt: epochMs,
  storeHost: z.string(),
  reconsumeTimes: integer,
  /** Business topic, without retry prefixes. */
  originTopic: z.string().nullable(),
  originMessageId: z.string().nullable(),
  properties: z.record(z.string(), z.string()),
  /** Names in `properties` that RocketMQ itself sets. */
  systemProperties: z.array(z.string()),
  crcOk: z.boolean(),
  body: bodyView,
  /** Of a dead letter whose message had died before: when first, as far as ledger and journal know. Else null. */
  firstDiedAt: epochMs.nullable(),
  /** What of it is hidden from who asks; null: nothing. */
  masked: masked.nullable(),
});
export type MessageDetail = z.infer<typeof messageDetail>;
export const messageQuery = z.object({ cluster: z.string().min(1).max(255).optional(), id: recordId });

/** One row of a list of stored records. */
export const messageRow = messageDetail
  .pick({
    id: true,
    topic: true,
    broker: true,
    queueId: true,
    queueOffset: true,
    uniqKey: true,
    keys: true,
    tag: true,
    bornAt: true,
    storedAt: true,
    reconsumeTimes: true,
    originTopic: true,
    masked: true,
  })
  .extend({
    /** Value and name of the property that tells the failure, when the application set one. */
    cause: z.object({ property: z.string(), text: z.string() }).nullable(),
    bodyBytes: integer,
  });
export type MessageRow = z.infer<typeof messageRow>;

export const retriesQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  /** Left out: every group with messages waiting, without the messages themselves. */
  group: groupName.optional(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});
export const retryMessage = messageRow.extend({
  where: z.enum(['waiting', 'due']),
  /** Number of the attempt that comes next; the first delivery is attempt 1. */
  attempt: integer,
  maxAttempts: integer.nullable(),
  delayLevel: integer.nullable(),
  /** When it will be handed out again, epoch ms; null when already due. */
  dueAt: epochMs.nullable(),
});
export type RetryMessage = z.infer<typeof retryMessage>;
export const retryRung = z.object({
  /** Retry number 1…16 (or up to the group's maximum). */
  retry: integer,
  delayLevel: integer,
  delayMs: integer.nullable(),
  waiting: integer,
  nextDueAt: epochMs.nullable(),
});
export const retriesReply = z.object({
  group: z.string().nullable(),
  groups: z.array(
    z.object({
      group: z.string(),
      waiting: integer.nullable(),
      due: integer.nullable(),
      nextDueAt: epochMs.nullable(),
      deadLetters: integer.nullable(),
      maxAttempts: integer.nullable(),
    }),
  ),
  rungs: z.array(retryRung),
  messages: z.array(retryMessage),
  /** False when a scan stopped at its budget or met records it could not decode: there are at least these. */
  complete: z.boolean(),
  totals: z.object({
    waiting: integer.nullable(),
    due: integer.nullable(),
    unknown: z.record(z.string(), z.string()).optional(),
  }),
  asOf: epochMs,
  failures: z.array(failure),
});
export type RetriesReply = z.infer<typeof retriesReply>;
