import { z } from 'zod';
import { ledgerExtent, letterFilter, letterRow } from './dead-letters';
import { recordId } from './messages';
import { epochMs, failure, groupName, integer } from './primitives';
import { SEARCH_PLACES, SEARCH_TESTS } from './words';

/** What of the letters that the filter lets through is looked for in their bodies or properties. */
export const letterSearchQuery = letterFilter
  .extend({
    cluster: z.string().min(1).max(255).optional(),
    group: groupName,
    in: z.enum(SEARCH_PLACES),
    /** Of a property, or a JSON path: `order.items[0].sku`, `items[*].sku`, `["odd.name"]`. */
    name: z.string().max(255).trim().default(''),
    /** A body contains; the value of a property or at a path contains or equals. */
    is: z.enum(SEARCH_TESTS).default('contains'),
    /** Empty: the property or path is there, whatever its value. */
    text: z.string().max(1000).default(''),
    matchCase: z.enum(['true', 'false']).default('false'),
    /** Goes on where an earlier search ended. */
    cursor: z.string().max(512).optional(),
  })
  .refine((query) => query.in !== 'body' || query.text !== '', { path: ['text'], message: 'search_empty' })
  .refine((query) => query.in === 'body' || query.name !== '', { path: ['name'], message: 'search_nameless' });

export type LetterSearchQuery = z.output<typeof letterSearchQuery>;

/** What was found, with some of what stands around it. */
export const letterMatch = z.object({ before: z.string(), text: z.string(), after: z.string() });
export type LetterMatch = z.infer<typeof letterMatch>;
export const letterHit = letterRow.extend({ match: letterMatch });
export type LetterHit = z.infer<typeof letterHit>;

/** One line of a search: what is new, newest letter first, and how far it is. */
export const letterSearchEvent = z.object({
  items: z.array(letterHit),
  /** Letters that were read, of those that the filter lets through; and how many of them matched. */
  read: integer,
  of: integer,
  found: integer,
  /** Newer letters than this have all been looked at. */
  at: epochMs.nullable(),
  /** Read, but not looked into: not to be inflated, too large, not JSON; not read: no longer there, on a silent broker. */
  skipped: z.object({ unreadable: integer, large: integer, notJson: integer, gone: integer, silent: integer }),
  ledger: ledgerExtent,
  failures: z.array(failure),
  /**
   * Null while it goes on. `unread`: the ledger has not read further yet; `limit`: as many as a search hands out; `late`: as
   * long as it may take.
   */
  ended: z.enum(['complete', 'unread', 'limit', 'late']).nullable(),
  /** Where another search would go on: null is the beginning, and after `complete` nowhere. */
  cursor: z.string().nullable(),
  asOf: epochMs,
});
export type LetterSearchEvent = z.infer<typeof letterSearchEvent>;

/** Ids with blanks between. */
const recordIds = z
  .string()
  .max(12_000)
  .transform((text) => text.split(' ').filter(Boolean))
  .pipe(z.array(recordId).min(1, 'selection_empty').max(100));
export const letterRowsQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  ids: recordIds,
});
/** Those that the ledger knows, in the order of the ids. */
export const letterRowsReply = z.object({ group: z.string(), items: z.array(letterRow), asOf: epochMs });
export type LetterRowsReply = z.infer<typeof letterRowsReply>;
