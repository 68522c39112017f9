import { z } from 'zod';
import { epochMs, figure, groupName, integer, timeInput } from './primitives';
import { JOB_KINDS } from './words';

/** The range must lie between an hour and thirty days; left out, it is the last hour. */
export const historyQuery = z.object({
  cluster: z.string().min(1).max(255).optional(),
  group: groupName,
  from: timeInput.optional(),
  to: timeInput.optional(),
});

const perSecond = z.number().nullable();
/** One of each per point, oldest first. Null: not known at that time, see `gaps`; before `recordedFrom` nothing is. */
export const historyPoints = z.object({
  /** Where the point begins; it ends `stepMs` later. */
  at: z.array(epochMs),
  /** At the end of the point, and the extremes within it. */
  lag: z.array(figure),
  lagMin: z.array(figure),
  lagMax: z.array(figure),
  /** Age of the oldest unread message, ms; `lagMsExact` false = estimated. */
  lagMs: z.array(figure),
  lagMsMax: z.array(figure),
  lagMsExact: z.array(z.boolean()),
  /** Messages per second over the point, and in its busiest minute. */
  inPerS: z.array(perSecond),
  inPeakPerS: z.array(perSecond),
  outPerS: z.array(perSecond),
  outPeakPerS: z.array(perSecond),
  retriesWaiting: z.array(figure),
  retriesDue: z.array(figure),
  retriesMax: z.array(figure),
  deadLetters: z.array(figure),
  deadLettersMax: z.array(figure),
});
export type HistoryPoints = z.infer<typeof historyPoints>;

/** `down`: the console did not run; `unreached`: it could not ask the cluster; `silent`: these brokers did not answer; `gone`: no broker had the group. */
export const historyGap = z.object({
  from: epochMs,
  to: epochMs,
  reason: z.enum(['down', 'unreached', 'silent', 'gone']),
  brokers: z.array(z.string()),
});
export type HistoryGap = z.infer<typeof historyGap>;

export const historyMark = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('job'),
    at: epochMs,
    endedAt: epochMs.nullable(),
    id: z.string(),
    jobKind: z.enum(JOB_KINDS),
    state: z.string(),
  }),
  z.object({
    kind: z.literal('jump'),
    at: epochMs,
    topic: z.string(),
    direction: z.enum(['back', 'forward']),
    queues: integer,
    messages: integer,
    /** The reset of this console that did it. */
    jobId: z.string().nullable(),
  }),
]);
export type HistoryMark = z.infer<typeof historyMark>;

export const historyReply = z.object({
  group: z.string(),
  from: epochMs,
  to: epochMs,
  stepMs: integer,
  /** When recording of the group began; null when nothing has been recorded. */
  recordedFrom: epochMs.nullable(),
  points: historyPoints,
  gaps: z.array(historyGap),
  marks: z.array(historyMark),
  asOf: epochMs,
});
export type HistoryReply = z.infer<typeof historyReply>;
