import { z } from 'zod';
import { clientId, epochMs, groupName, integer } from './primitives';

export const memberThreadsQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  clientId,
});
export const threadGroup = z.object({
  /** idle = waits for a message; io = reads from a socket or file; waiting = for another thread or a time; blocked = for a lock. */
  kind: z.enum(['blocked', 'waiting', 'io', 'running', 'idle']),
  /** The JVM's word. */
  state: z.string(),
  count: integer,
  /** The first of them. */
  names: z.array(z.string()),
  /** Innermost first, of the first thread. */
  frames: z.array(z.string()),
  /** The innermost frame of the application itself. */
  ownFrame: z.string().nullable(),
  /** Monitor it waits for and who owns it; null when the client does not tell. */
  waitsFor: z.string().nullable(),
  lockOwner: z.string().nullable(),
});
export type ThreadGroup = z.infer<typeof threadGroup>;
export const memberThreads = z.object({
  group: z.string(),
  clientId: z.string(),
  /** By way of which broker the client was asked, and how long it took. */
  broker: z.string(),
  readAt: epochMs,
  tookMs: integer,
  consume: z.array(threadGroup),
  others: z.array(z.object({ state: z.string(), count: integer })),
  threads: integer,
  /** The dump as the client sent it; null when it sends none. */
  raw: z.string().nullable(),
  /** The dump is longer than what is shown of it. */
  isCut: z.boolean(),
});
export type MemberThreads = z.infer<typeof memberThreads>;
