import { z } from 'zod';

/** What stands in the place of what is hidden. */
export const MASKED = '•••';

/** What of a message is kept from the reader, on the server. */
export const masked = z.object({
  /** Names of the rules that hide it; none when the reader lacks `message:body:read`. */
  by: z.array(z.string()),
  /** `keys`, `body` (all of it), `body.<path>`, `cause`, `remarks`, and `properties.<name>`, or `properties` where all are. */
  parts: z.array(z.string()),
});
export type Masked = z.infer<typeof masked>;
