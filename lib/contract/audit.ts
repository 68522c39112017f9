import { z } from 'zod';
import { page } from './paging';
import { epochMs, integer, timeInput } from './primitives';
import { AUDIT_AGES, AUDIT_OUTCOMES, AUDIT_PHASES } from './words';

const name = z.string().min(1).max(255);
const sequence = z.coerce.number().int().min(1);

/** Of the cluster, and of what belongs to none, such as a sign-in. */
const filter = z.object({
  cluster: name.optional(),
  /** Id or name. */
  who: name.optional(),
  action: z.string().min(1).max(64).optional(),
  outcome: z.enum(AUDIT_OUTCOMES).optional(),
  /** Name of what was acted on, whole. */
  resource: name.optional(),
  /** Stands somewhere in a request's or a job's id, in what was acted on, or in the name of who did it. */
  q: z.string().max(255).optional(),
  /** Entries of so long before now. */
  last: z.enum(AUDIT_AGES).optional(),
  from: timeInput.optional(),
  to: timeInput.optional(),
});
export type AuditFilterInput = z.output<typeof filter>;

export const auditQuery = filter.extend({
  limit: z.coerce.number().int().min(1).max(500).default(50),
  /** `seq` of the last entry before. */
  cursor: sequence.optional(),
});
export const auditExportQuery = filter.extend({ format: z.enum(['jsonl', 'csv']).default('jsonl') });
export const auditEntryQuery = z.object({ cluster: name.optional(), seq: sequence });
export const auditVerifyQuery = z.object({ cluster: name.optional() });

export const auditRow = z.object({
  seq: integer,
  at: epochMs,
  actor: z.object({ id: z.string(), name: z.string(), roles: z.array(z.string()), authMethod: z.string().nullable() }),
  ip: z.string().nullable(),
  requestId: z.string().nullable(),
  /** The job. */
  operationId: z.string().nullable(),
  cluster: z.string().nullable(),
  action: z.string(),
  resource: z.object({ type: z.string(), name: z.string() }),
  phase: z.enum(AUDIT_PHASES),
  outcome: z.enum(AUDIT_OUTCOMES),
  reason: z.string().nullable(),
  counts: z.record(z.string(), integer).nullable(),
  /** A key, with what it is about behind a blank. */
  error: z.string().nullable(),
});
export type AuditRow = z.infer<typeof auditRow>;

/** First row that is not in order; words in lib/i18n `audit.problem.`. `since`: the change may be as far back as this. */
const chainBreak = z.object({
  seq: integer,
  problem: z.enum(['CHANGED', 'MISSING', 'TAIL_MISSING', 'REWRITTEN']),
  since: integer.nullable(),
});
/** Of the last whole walk over the chain: so many rows were in order, and then came a break or the end. */
export const auditChain = z.object({ at: epochMs, rows: integer, broken: chainBreak.nullable() });
export type AuditChain = z.infer<typeof auditChain>;

export const auditReply = page(auditRow).extend({
  /** Null: not looked at since this console was started. */
  chain: auditChain.nullable(),
  /** Who is in the trail; with the first page only. */
  actors: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type AuditReply = z.infer<typeof auditReply>;

const change = z.object({
  topic: z.string(),
  broker: z.string(),
  queueId: integer,
  /** Null: the broker had no recorded offset. */
  before: integer.nullable(),
  after: integer,
  /** Whether the broker was told. */
  isWritten: z.boolean(),
});

export const auditEntryReply = z.object({
  entry: auditRow.extend({
    sessionHash: z.string().nullable(),
    previewHash: z.string().nullable(),
    /** Of a result, those of its intent. */
    params: z.record(z.string(), z.unknown()).nullable(),
  }),
  /** What stands in the trail of the same job, oldest first. */
  entries: z.array(
    auditRow.pick({ seq: true, at: true, action: true, phase: true, outcome: true, counts: true, error: true }),
  ),
  job: z
    .object({
      id: z.string(),
      group: z.string(),
      topic: z.string().nullable(),
      planId: z.string().nullable(),
      reason: z.string(),
      canUndo: z.boolean(),
    })
    .nullable(),
  /** Of an offset reset: the queues that change most come first. */
  change: z.object({ queues: z.array(change), total: integer, replay: integer, skip: integer }).nullable(),
  chain: z.object({
    prevHash: z.string(),
    hash: z.string(),
    /** The entry is as it was written, and fits to both its neighbours. */
    isWhole: z.boolean(),
    /** When a walk over the whole chain found it in order; null: none has since this console was started. */
    verifiedAt: epochMs.nullable(),
    previous: integer.nullable(),
    next: integer.nullable(),
  }),
  asOf: epochMs,
});
export type AuditEntryReply = z.infer<typeof auditEntryReply>;

/** A line of a walk over the chain: `ended` in the last one. */
export const auditVerifyEvent = z.object({ rows: integer, total: integer, ended: auditChain.nullable() });
export type AuditVerifyEvent = z.infer<typeof auditVerifyEvent>;
