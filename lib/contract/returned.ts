import { z } from 'zod';
import { epochMs, integer } from './primitives';

/** Letters that a purge had removed and a broker has again: its crash rebuilt the queue from the commit log. */
export const returnedLetters = z.object({
  /** The purge, and when it removed them. */
  jobId: z.string(),
  purgedAt: epochMs,
  broker: z.string(),
  count: integer,
});
export type ReturnedLetters = z.infer<typeof returnedLetters>;
