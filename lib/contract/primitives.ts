import { z } from 'zod';

/** A figure that is either known at a moment, or unknown for a stated reason. Unknown is never zero. */
export type Known<T> = { value: T; asOf: number } | { unknown: string };

export const known = <T>(value: T, asOf: number): Known<T> => ({ value, asOf });
export const unknown = <T>(reason: string): Known<T> => ({ unknown: reason });
export const isKnown = <T>(figure: Known<T>): figure is { value: T; asOf: number } => 'value' in figure;
export const figureValue = <T>(figure: Known<T>): T | null => (isKnown(figure) ? figure.value : null);

/** Epoch milliseconds. */
export const epochMs = z.int();
/** Count, offset or size: a safe integer. */
export const integer = z.int();
/** A figure on the wire: a plain number, or null with its reason in the sibling `unknown.<field>`. */
export const figure = z.int().nullable();
/** Messages per second on the wire; null as a figure is. */
export const rate = z.number().nonnegative().nullable();
/** Reasons of the null figures beside it, by field name. */
export const unknownReasons = z.record(z.string(), z.string()).optional();

/** Time in: ISO 8601 with zone, or epoch milliseconds. Out of the parser: epoch milliseconds. */
export const timeInput = z.union([z.string(), z.number()]).transform((value, context) => {
  const text = String(value).trim();
  const at = /^-?\d+$/.test(text) ? Number(text) : ISO.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isSafeInteger(at) || at <= 0 || at > 8.64e15) {
    context.addIssue({
      code: 'custom',
      message: 'time_malformed',
    });
    return z.NEVER;
  }
  return at;
});
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;

/** `TopicValidator.java`: letters, digits, `%`, `|`, `-`, `_`; a POP retry topic of version 2 adds `+`. */
const NAME = /^[%|a-zA-Z0-9_+-]+$/;
/** 127 characters; what RocketMQ makes of a group or topic by itself (`%RETRY%…`, `%DLQ%…`) may have 255. */
const MADE_BY_ROCKETMQ = /^%(?:RETRY|DLQ)%/;
const resourceName = z
  .string()
  .min(1, 'name_empty')
  .max(255, 'name_too_long')
  .regex(NAME, 'name_illegal')
  .refine((name) => name.length <= 127 || MADE_BY_ROCKETMQ.test(name), 'name_too_long');
export const topicName = resourceName;
export const groupName = resourceName;
export const brokerName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cf}\s]+$/u, 'control_character');
/** As the client made it: `ip@instance`. */
export const clientId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}]+$/u, 'control_character');

/**
 * One server that could not be asked, and what that leaves open. `params` come with a code whose cause somebody has to
 * mend, such as `WRONG_SECRET` or `TLS_EXPIRED`.
 */
export const failure = z.object({
  broker: z.string(),
  code: z.string(),
  message: z.string(),
  params: z.record(z.string(), z.string()).optional(),
});
export type Failure = z.infer<typeof failure>;

/** Which cluster; may be left out when there is one. */
export const clusterQuery = z.object({ cluster: z.string().min(1).max(255).optional() });
