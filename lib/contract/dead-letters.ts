import { z } from 'zod';
import { messageRow } from './messages';
import { listQuery, page } from './paging';
import { epochMs, figure, groupName, integer, unknownReasons } from './primitives';

export const deadLetterGroupRow = z.object({
  group: z.string(),
  /** Messages kept in `%DLQ%group` over the brokers that answered. */
  count: figure,
  /** Of these, decided about by a person. */
  handled: integer,
  perBroker: z.array(z.object({ broker: z.string(), minOffset: integer, maxOffset: integer })),
  oldestAt: epochMs.nullable(),
  newestAt: epochMs.nullable(),
  /** When the oldest may be removed by retention; an estimate from the broker's file settings. */
  expiresAt: epochMs.nullable(),
  lastJob: z.object({ id: z.string(), kind: z.string(), state: z.string(), at: epochMs }).nullable(),
  unknown: unknownReasons,
});
export type DeadLetterGroupRow = z.infer<typeof deadLetterGroupRow>;
export const deadLettersQuery = listQuery;
export const deadLettersReply = page(deadLetterGroupRow);
export type DeadLettersReply = z.infer<typeof deadLettersReply>;

/** Ledger word of a letter, safety §5.9. */
export const letterState = z.enum([
  'dead',
  'redriving',
  'redriven',
  'consumed',
  'dead_again',
  'unknown',
  'handled',
  'expired',
]);
export type LetterState = z.infer<typeof letterState>;

export const letterRow = messageRow.extend({
  state: letterState,
  /** Deliveries before it died. */
  attempts: integer,
  diedAt: epochMs,
  jobId: z.string().nullable(),
  handledBy: z.string().nullable(),
});
export type LetterRow = z.infer<typeof letterRow>;

export const lettersQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  /** `open` hides what is handled, redriven or consumed. */
  state: z.enum(['open', 'handled', 'redriven', 'all']).default('all'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
/** Newest first. `total` is Σ (max − min) over the reachable masters, also when `state` filters the items. */
export const lettersReply = page(letterRow).extend({
  group: z.string(),
  topic: z.string(),
  counts: z.object({ open: integer.nullable(), handled: integer, redriven: integer }),
  oldestAt: epochMs.nullable(),
  expiresAt: epochMs.nullable(),
  /** Records that could not be decoded, told by place. */
  damaged: integer,
  perBroker: z.array(z.object({ broker: z.string(), minOffset: integer, maxOffset: integer })),
  activeJob: z.object({ id: z.string(), kind: z.string(), state: z.string() }).nullable(),
});
export type LettersReply = z.infer<typeof lettersReply>;
