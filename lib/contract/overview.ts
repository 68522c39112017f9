import { z } from 'zod';
import { jobSummary } from './jobs';
import { epochMs, failure, integer } from './primitives';

export const finding = z.object({
  id: z.string(),
  severity: z.enum(['critical', 'warning', 'note']),
  /** Sentence key under `findings.`; evidence under `findings.<key>_evidence`. */
  key: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
  /** The exact place, a path of ours. */
  href: z.string(),
  since: epochMs.nullable(),
  tape: z.array(z.int().nullable()).nullable(),
});
export type Finding = z.infer<typeof finding>;
export const overviewReply = z.object({
  /** The worst ones; `counts.findings` is how many there are. */
  findings: z.array(finding),
  /** `notConsuming`: groups of which no queue with messages moves; the worst queue of others may stand still too. */
  counts: z.object({
    findings: integer,
    groups: integer,
    groupsOk: integer,
    /** Groups whose status word is a finding; the rest cannot be judged. */
    groupsInTrouble: integer,
    notConsuming: integer,
    topics: integer,
    brokers: integer,
  }),
  totals: z.object({
    lag: integer.nullable(),
    retries: integer.nullable(),
    deadLetters: integer.nullable(),
    unknown: z.record(z.string(), z.string()).optional(),
  }),
  worstLag: z.array(z.object({ group: z.string(), lag: integer, status: z.string() })),
  jobs: z.array(jobSummary),
  asOf: epochMs.nullable(),
  failures: z.array(failure),
});
export type OverviewReply = z.infer<typeof overviewReply>;
