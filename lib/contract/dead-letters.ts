import { z } from 'zod';
import { statusRule, statusWord } from './groups';
import { messageRow, recordId } from './messages';
import { listQuery, page } from './paging';
import { epochMs, failure, figure, groupName, integer, unknownReasons } from './primitives';
import { returnedLetters } from './returned';
import { LETTER_AGES, LETTER_FILTERS, LETTER_GROUP_FILTERS, LETTER_WORDS, TRACED_RESULTS } from './words';

export const deadLetterGroupRow = z.object({
  group: z.string(),
  /** How the group reads at present; null when no broker knows it any more. */
  status: statusWord.nullable(),
  rule: statusRule.nullable(),
  /** Messages kept in `%DLQ%group` over the brokers that answered. */
  count: figure,
  /** Of these, what no word settles; letters that are not read yet count as open. */
  open: figure,
  /** Decided about by a person. */
  handled: integer,
  /** Sent again and stored, and of these read by the group. */
  redriven: integer,
  consumed: integer,
  /** Died within the last hour. */
  lastHour: integer,
  /** Deaths per hour of the last 24, oldest first. */
  hours: z.array(integer),
  /** What most open letters died of, and their share; text null when nothing recorded a cause, or it is hidden. */
  cause: z.object({ text: z.string().nullable(), share: z.number(), isMasked: z.boolean() }).nullable(),
  originTopics: z.array(z.string()),
  /** Letters that the ledger has read. */
  read: integer,
  perBroker: z.array(z.object({ broker: z.string(), minOffset: integer, maxOffset: integer })),
  oldestAt: epochMs.nullable(),
  newestAt: epochMs.nullable(),
  /**
   * When the oldest that is open may be removed by retention; an estimate from the broker's file settings. Letters that are
   * not read yet count as open. Null: none is open, or no broker tells its settings.
   */
  expiresAt: epochMs.nullable(),
  lastJob: z.object({ id: z.string(), kind: z.string(), state: z.string(), at: epochMs }).nullable(),
  unknown: unknownReasons,
});
export type DeadLetterGroupRow = z.infer<typeof deadLetterGroupRow>;
export const deadLettersQuery = listQuery.extend({
  only: z.enum(LETTER_GROUP_FILTERS).optional(),
  /** Only groups whose first open letter may be removed within so many hours. */
  expiresWithinH: z.coerce.number().int().min(1).max(720).optional(),
});
export const deadLettersReply = page(deadLetterGroupRow).extend({
  /** How many each filter would leave. */
  counts: z.object({ open: integer, growing: integer, settled: integer }),
  /** Deaths per hour of the last 24 in all of these groups, oldest first; of the letters that are read. */
  hours: z.array(integer),
  /** Groups whose first open letter may be removed within 6, 24 and 48 hours. */
  expiring: z.record(z.string(), integer),
});
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
  /** Record id of the letter that it is a redriven copy of; null also when another console sent it. */
  copyOf: recordId.nullable(),
  /** Record id of its newest copy that is a dead letter again. */
  diedAgainAs: recordId.nullable(),
});
export type LetterRow = z.infer<typeof letterRow>;

/** Which letters of a ledger. */
export const letterFilter = z.object({
  /**
   * `open` hides what is handled, redriven or consumed; `expired` are those that the cluster no longer has. `redriven` takes
   * the consumed ones in; what follows are single words, `redriven_only` among them.
   */
  state: z.enum([...LETTER_FILTERS, ...LETTER_WORDS]).default('all'),
  /** Number of a failure, of `/api/dead-letters/failures`. */
  failure: z.coerce.number().int().min(1).optional(),
  /** Beginning of the keys, or the whole message id. */
  q: z.string().max(255).trim().optional(),
  tag: z.string().max(255).optional(),
  /** Died within so long before now. */
  since: z.enum(LETTER_AGES).optional(),
  /** Died at or after, and before. */
  from: z.coerce.number().int().min(0).optional(),
  to: z.coerce.number().int().min(0).optional(),
});
export type LetterFilter = z.infer<typeof letterFilter>;

export const lettersQuery = letterFilter.extend({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(512).optional(),
});
/** How far the ledger has read the queues. */
export const ledgerExtent = z.object({
  read: integer,
  of: integer,
  /** Letters of this moment, and older ones, are not all read yet; null when everything is. */
  completeSince: epochMs.nullable(),
});
export type LedgerExtent = z.infer<typeof ledgerExtent>;

/** Newest first. `total` is Σ (max − min) over the queues, also when the items are filtered. */
export const lettersReply = page(letterRow).extend({
  group: z.string(),
  topic: z.string(),
  /** `open` is what no word settles, also of letters that are not read yet; the others count those that are. */
  /** Letters that the filter lets through, of those that are read. */
  matching: integer,
  counts: z.object({ open: integer, handled: integer, redriven: integer }),
  states: z.partialRecord(letterState, integer),
  ledger: ledgerExtent,
  oldestAt: epochMs.nullable(),
  expiresAt: epochMs.nullable(),
  /** Records that could not be decoded, told by place. */
  damaged: integer,
  perBroker: z.array(z.object({ broker: z.string(), minOffset: integer, maxOffset: integer })),
  activeJob: z.object({ id: z.string(), kind: z.string(), state: z.string() }).nullable(),
  /** Purged letters that are back. */
  returned: z.array(returnedLetters),
});
export type LettersReply = z.infer<typeof lettersReply>;

export const failureRow = z.object({
  id: integer,
  /** `property`: what the application wrote into its messages; `shape`: nothing did, these look alike. */
  kind: z.enum(['property', 'shape']),
  /** Whether its text, or the fields of its shape, are hidden from who asks. */
  isMasked: z.boolean(),
  /** Name of the property, or null. */
  property: z.string().nullable(),
  /** First line of the first text; null for a shape, and where it is hidden. */
  text: z.string().nullable(),
  shape: z
    .object({
      topic: z.string().nullable(),
      tag: z.string().nullable(),
      format: z.enum(['json', 'text', 'binary', 'empty', 'large']),
      fields: z.array(z.string()),
    })
    .nullable(),
  count: integer,
  open: integer,
  states: z.partialRecord(letterState, integer),
  firstAt: epochMs,
  lastAt: epochMs,
  /** Deaths per hour of the last 24, oldest first. */
  hours: z.array(integer),
  /** Of a redrive under way that sends letters of it: stored copies, of how many that it chose; null: not counted yet. */
  progress: z.object({ jobId: z.string(), sent: integer, of: figure }).nullable(),
  /** What somebody wrote about it. */
  note: z.object({ text: z.string(), by: z.string(), at: epochMs }).nullable(),
  /** How the last attempt of one of its letters ended, by its trace: the newest that was looked up. */
  traced: z
    .object({ result: z.enum(TRACED_RESULTS), client: z.string().nullable(), at: epochMs, letters: integer })
    .nullable(),
  /** What a client said when one of its letters was run once and failed: the newest such answer. */
  diagnosis: z
    .object({ text: z.string(), at: epochMs, jobId: z.string(), letter: recordId, letters: integer })
    .nullable(),
});
export type FailureRow = z.infer<typeof failureRow>;
export const failuresQuery = lettersQuery.pick({ cluster: true, group: true });
export const failureNoteInput = failuresQuery.extend({
  /** Number of a failure, of `/api/dead-letters/failures`. */
  failure: integer.min(1),
  /** Nothing takes the note away. */
  text: z
    .string()
    .trim()
    .max(500)
    .regex(/^[^\p{Cc}]*$/u, 'control_character'),
});
export const failureNoteReply = z.object({ failure: integer, note: failureRow.shape.note });
/** Most open ones first, then those seen last. */
export const failuresReply = z.object({
  group: z.string(),
  items: z.array(failureRow),
  ledger: ledgerExtent,
  asOf: epochMs,
  failures: z.array(failure),
});
export type FailuresReply = z.infer<typeof failuresReply>;
