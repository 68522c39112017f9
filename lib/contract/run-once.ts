import { z } from 'zod';
import { recordId } from './messages';
import { epochMs, groupName, integer } from './primitives';

/** Other dead letters that likely fail alike. */
const siblings = z.object({
  /** `cause` = the same error property, `remark` = theirs names what was thrown, `origin` = no error is told, the same topic, tag and shape. */
  basis: z.enum(['cause', 'remark', 'origin']),
  /** What they share, in words. */
  shared: z.string(),
  /** Other open letters of the group, as far as its ledger has been read. */
  among: integer,
  count: integer,
  /** The newest of them. */
  letters: z.array(z.object({ id: z.string(), name: z.string() })),
});
export type Siblings = z.infer<typeof siblings>;

/** What one client answered when it was asked to run one dead letter (request 309). */
export const runOnceResult = z.object({
  /** Record id of the letter. */
  id: z.string(),
  clientId: z.string(),
  /** `unknown`: it may have run. */
  outcome: z.enum(['succeeded', 'failed', 'not_run', 'unknown']),
  /** RocketMQ's word, e.g. `CR_SUCCESS`; null without an answer that can be read. */
  consumeResult: z.string().nullable(),
  /** Of a refusal or of a relay that broke. */
  code: integer.nullable(),
  /** What was thrown, or what the broker said. */
  remark: z.string().nullable(),
  spentMs: integer.nullable(),
  order: z.boolean().nullable(),
  autoCommit: z.boolean().nullable(),
  /** Topic of the message as the listener saw it. */
  topicSeen: z.string(),
  askedAt: epochMs,
  answeredAt: epochMs.nullable(),
  /** Null when it did not fail, or when the others could not be read. */
  siblings: siblings.nullable(),
});
export type RunOnceResult = z.infer<typeof runOnceResult>;

export const letterRunsQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  id: recordId,
});
/** Newest first. */
export const letterRunsReply = z.object({
  items: z.array(
    z.object({
      jobId: z.string(),
      at: epochMs,
      actor: z.string(),
      reason: z.string(),
      clientId: z.string(),
      active: z.boolean(),
      /** Null while it runs, or when it never began. */
      run: runOnceResult.nullable(),
    }),
  ),
  asOf: epochMs,
});
export type LetterRunsReply = z.infer<typeof letterRunsReply>;
