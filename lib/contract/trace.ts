import { z } from 'zod';
import { masked } from './masking';
import { epochMs, failure, integer } from './primitives';

export const traceQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  /** Any message id or key; no topic needed. */
  id: z
    .string()
    .min(1, 'trace_empty')
    .max(512, 'trace_too_long')
    .regex(/^[^\p{Cc}]+$/u, 'control_character'),
  /** Picks one message when a key matches several. */
  uniqKey: z.string().max(255).optional(),
});
export const traceStored = z.object({
  /** `broker:physicalOffset`. */
  id: z.string(),
  topic: z.string(),
  broker: z.string(),
  queueId: integer,
  queueOffset: integer,
  storedAt: epochMs,
  bornAt: epochMs,
  bornHost: z.string(),
  offsetMessageId: z.string(),
  reconsumeTimes: integer,
  tag: z.string().nullable(),
  keys: z.array(z.string()),
  /** Set when one of our jobs made this copy. */
  jobId: z.string().nullable(),
});
export const traceAttempt = z.object({
  /** 1 = first delivery. */
  attempt: integer,
  startedAt: epochMs.nullable(),
  /** When the copy that it left was stored: it had failed by then. Null while it left none. */
  failedBy: epochMs.nullable(),
  costMs: integer.nullable(),
  client: z.string().nullable(),
  result: z.enum(['success', 'failed', 'exception', 'timeout', 'returned_null', 'running', 'unknown']),
  /** From a trace record, or inferred from offsets and stored copies. */
  source: z.enum(['trace', 'stored']),
  /** What followed: a wait for the next attempt until this time, the dead-letter queue, or nothing. */
  next: z.object({ kind: z.enum(['retry', 'dead', 'none']), at: epochMs.nullable(), delayLevel: integer.nullable() }),
});
export const traceGroup = z.object({
  group: z.string(),
  state: z.enum([
    'consumed',
    'passed',
    'not_yet',
    'waiting_retry',
    'retry_due',
    'dead',
    'filtered',
    'offline',
    'broadcast',
    'unknown',
  ]),
  /** Message key under `trace_state.` with parameters: how many are ahead, when due … */
  note: z.object({ key: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) }).nullable(),
  online: z.boolean().nullable(),
  attempts: z.array(traceAttempt),
  dead: z.object({ at: epochMs, id: z.string(), attempts: integer }).nullable(),
  dueAt: epochMs.nullable(),
});
export const traceReply = z.object({
  id: z.string(),
  /** How the text was read. */
  kind: z.enum(['uniq_key', 'offset_id', 'grpc_id', 'key']),
  /** More than one message can carry a key: pick one. */
  candidates: z.array(
    z.object({
      uniqKey: z.string(),
      topic: z.string(),
      storedAt: epochMs,
      broker: z.string(),
      keys: z.array(z.string()),
    }),
  ),
  found: z.boolean(),
  uniqKey: z.string().nullable(),
  topic: z.string().nullable(),
  tag: z.string().nullable(),
  keys: z.array(z.string()),
  /** Null: nothing is hidden from who asks. */
  masked: masked.nullable(),
  produced: z
    .object({
      at: epochMs,
      costMs: integer.nullable(),
      client: z.string().nullable(),
      group: z.string().nullable(),
      type: z.enum(['normal', 'half', 'commit', 'delay', 'order', 'unknown']),
      success: z.boolean().nullable(),
      transaction: z.object({ state: z.string(), at: epochMs, fromCheck: z.boolean() }).nullable(),
      source: z.enum(['trace', 'stored']),
    })
    .nullable(),
  /** Every stored copy found: business topic first, then retries, dead letters, redrives. */
  stored: z.array(traceStored),
  groups: z.array(traceGroup),
  /** What could not be said and why: message keys under `trace_missing.` with parameters. */
  missing: z.array(z.object({ key: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) })),
  /** What was asked: topics and brokers within the budget. */
  asked: z.object({ topics: integer, topicsTotal: integer, requests: integer, tookMs: integer }),
  asOf: epochMs,
  failures: z.array(failure),
});
export type TraceReply = z.infer<typeof traceReply>;
