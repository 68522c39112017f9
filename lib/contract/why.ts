import { z } from 'zod';
import { drain, groupDetailQuery, said, statusWord } from './groups';
import { epochMs, failure } from './primitives';

export const whyQuery = groupDetailQuery;

/** One reason, with what was read for it and what can safely be done next. Texts: `why.findings.<key>`. */
export const whyFinding = said.extend({
  severity: z.enum(['critical', 'warning', 'note']),
  /** Places of ours: the first word of each is a key under `why.links`. */
  links: z.array(z.object({ key: z.string(), href: z.string() })),
});
export type WhyFinding = z.infer<typeof whyFinding>;

/** What would happen to the backlog with more members, threads or queues. Texts: `why.advice.<key>`. */
export const adviceOption = said.extend({
  kind: z.enum(['members', 'threads', 'queues']),
  effect: z.enum(['helps', 'nothing', 'unknown']),
  drainMs: drain,
});
export type AdviceOption = z.infer<typeof adviceOption>;
export const advice = z.object({
  /** In one sentence, under `why.verdict`. */
  verdict: said,
  /** As it is now. */
  drainMs: drain,
  options: z.array(adviceOption),
});
export type Advice = z.infer<typeof advice>;

export const whyReply = z.object({
  group: z.string(),
  status: statusWord,
  findings: z.array(whyFinding),
  /** Checked, and not the cause: `why.passed`. */
  passed: z.array(said),
  /** What could not be read, with its reason: `why.not_read`. */
  notRead: z.array(said),
  advice,
  asOf: epochMs,
  failures: z.array(failure),
});
export type WhyReply = z.infer<typeof whyReply>;
