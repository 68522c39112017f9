import { z } from 'zod';
import { listQuery, page } from './paging';
import { anyPlan } from './plans';
import { epochMs, figure, groupName, integer } from './primitives';
import { returnedLetters } from './returned';
import { runOnceResult } from './run-once';
import { JOB_KINDS } from './words';

export const jobKind = z.enum(JOB_KINDS);
export type JobKind = z.infer<typeof jobKind>;
export const jobState = z.enum(['QUEUED', 'RUNNING', 'PAUSED', 'VERIFYING', 'DONE', 'PARTIAL', 'FAILED', 'CANCELLED']);
export type JobState = z.infer<typeof jobState>;

/** A message to show: key under the namespace that the field names, with parameters. */
const text = z.object({ key: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])) });

export const jobSummary = z.object({
  id: z.string(),
  kind: jobKind,
  state: jobState,
  cluster: z.string(),
  group: z.string(),
  topic: z.string().nullable(),
  actor: z.string(),
  reason: z.string(),
  createdAt: epochMs,
  startedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  /** `total` = sum of all outcome counts, always; outcome names per kind in lib/i18n `outcomes.`. */
  total: integer,
  outcomes: z.record(z.string(), integer),
  /** Why it paused, failed or is partial: key under `job_notes.`. */
  note: text.nullable(),
  acknowledged: z.object({ by: z.string(), at: epochMs }).nullable(),
});
export type JobSummary = z.infer<typeof jobSummary>;

/** Where a redrive stands between its canary and its end, as of its last look. */
export const redriveProgress = z.object({
  /** Brokers that cannot take part at present, and how many untried letters need one of them; null: none is waited for. */
  waiting: z
    .object({
      brokers: z.array(
        z.object({
          broker: z.string(),
          since: epochMs,
          /** `unanswered`: what became of sends to it is looked for before anything else goes there. */
          reason: z.enum(['unreachable', 'refuses', 'busy', 'unanswered']),
          /** What it answered, where it refuses. */
          code: integer.nullable(),
        }),
      ),
      /** Null: not counted yet. */
      letters: figure,
    })
    .nullable(),
  /** Null: it has none. */
  canary: z
    .object({
      /** From 1. */
      stage: integer,
      /** Copies of the stages before the rest: a `stage` above their number is the rest. */
      stages: z.array(integer),
      /** Copies of this stage, and what became of them; 0 once the rest is sent. */
      sent: integer,
      consumed: integer,
      failed: integer,
      waitMs: integer,
      waitingSince: epochMs.nullable(),
    })
    .nullable(),
  brake: z.object({
    /** Copies that failed again, of those judged; more than `limit` pause the job. */
    failed: integer,
    judged: integer,
    limit: integer,
    /** Messages that wait for the group, its retry topic included; null when not known. */
    lag: figure,
    lagLimit: integer.nullable(),
  }),
  speed: z.object({
    /** Messages per second at most at present. */
    rate: integer,
    planned: integer,
    /** Why it is below what was planned. */
    slowed: z.object({ key: z.enum(['busy', 'slow']), code: integer.nullable(), p95Ms: integer.nullable() }).nullable(),
  }),
});
export type RedriveProgress = z.infer<typeof redriveProgress>;

/** Letters that are in the file, of how many. */
const exported = z.object({ written: integer, of: integer });

/** Data of each `job` event of `/api/jobs/events`. */
export const jobEvent = jobSummary
  .pick({ id: true, state: true, outcomes: true, total: true, note: true, endedAt: true })
  .extend({
    rate: z.number().nullable(),
    progress: redriveProgress.nullable(),
    exported: exported.nullable(),
    asOf: epochMs,
  });
export type JobEvent = z.infer<typeof jobEvent>;

/** One message of a redrive, one queue of a reset, one step of a purge. */
export const jobItem = z.object({
  n: integer,
  label: z.string(),
  /** Journal state; ledger word by safety §5.9. */
  state: z.string(),
  attempts: integer,
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  link: z.string().nullable(),
});
export type JobItem = z.infer<typeof jobItem>;
export const jobDetail = jobSummary.extend({
  target: z.string().nullable(),
  /** What was planned, as it was confirmed. */
  plan: anyPlan.nullable(),
  /** Messages per second over the last seconds; null when not sending. */
  rate: z.number().nullable(),
  etaMs: integer.nullable(),
  /** Of a redrive. */
  progress: redriveProgress.nullable(),
  /** Of a purge under way: its export. */
  exported: exported.nullable(),
  /** Of a purge: what came back after it. */
  returned: z.array(returnedLetters),
  /** Can be taken back, and until when at the latest known. */
  undo: z.object({ possible: z.boolean(), note: text.nullable() }).nullable(),
  /** File written by an export, a purge or, as its report, a redrive. */
  file: z
    .object({ name: z.string(), bytes: integer, sha256: z.string(), count: integer, expiresAt: epochMs })
    .nullable(),
  /** Why a report is missing, as the system says it. */
  fileProblem: z.string().nullable(),
  /** Of a letter that was run once. */
  run: runOnceResult.nullable(),
  can: z.object({
    pause: z.boolean(),
    resume: z.boolean(),
    cancel: z.boolean(),
    acknowledge: z.boolean(),
    /** The file it wrote: messages may stand in it. */
    download: z.boolean(),
  }),
  audit: z.array(
    z.object({ at: epochMs, phase: z.string(), action: z.string(), outcome: z.string(), hash: z.string() }),
  ),
  /** The same call for automation. */
  curl: z.string(),
  asOf: epochMs,
});
export type JobDetail = z.infer<typeof jobDetail>;

export const jobsQuery = listQuery.extend({
  state: z.enum(['active', 'ended', 'unacknowledged']).optional(),
  kind: jobKind.optional(),
  /** `dead-letters`: of the kinds that concern dead letters. */
  about: z.enum(['dead-letters']).optional(),
  group: groupName.optional(),
});
export const jobsReply = page(jobSummary);
export type JobsReply = z.infer<typeof jobsReply>;
export const jobQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  id: z
    .string()
    .min(1)
    .max(64)
    .regex(/^[0-9A-Za-z]+$/, 'job_id_malformed'),
});
export const jobItemsQuery = jobQuery.extend({
  only: z.enum(['exceptions', 'all']).default('all'),
  limit: z.coerce.number().int().min(1).max(500).default(100),
  cursor: z.string().max(64).optional(),
});
export const jobItemsReply = page(jobItem);
export type JobItemsReply = z.infer<typeof jobItemsReply>;

export const jobStartInput = z.object({
  cluster: z.string().min(1).max(255).optional(),
  token: z.string().min(1).max(4096),
  reason: z.string().trim().min(3, 'reason_too_short').max(500),
  confirm: z.string().max(300).optional(),
});
export const jobActInput = z.object({
  cluster: z.string().min(1).max(255).optional(),
  id: z.string().min(1).max(64),
  reason: z.string().trim().max(500).optional(),
});
