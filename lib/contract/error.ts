import { z } from 'zod';

/** Every error of the HTTP API. `message` says the cause, `hint` the next step. */
export const errorBody = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  requestId: z.string(),
  details: z.unknown().optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;
