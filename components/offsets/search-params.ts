import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';

export const STEPS = ['time', 'plan', 'verify'] as const;
export const KINDS = ['timestamp', 'earliest', 'latest'] as const;
export const RANGES = ['1h', '6h', '24h', 'all'] as const;
export type ResetKind = (typeof KINDS)[number];

/** Address of /offsets/reset. */
export const resetParams = {
  cluster: parseAsString,
  group: parseAsString,
  topic: parseAsString,
  step: parseAsStringLiteral(STEPS).withDefault('time'),
  to: parseAsStringLiteral(KINDS).withDefault('timestamp'),
  /** ISO 8601 with the zone's offset. */
  at: parseAsString,
  /** What the histogram shows; left out, as much as the time needs. */
  range: parseAsStringLiteral(RANGES),
  /** The job that is to be taken back; then `to` does not count. */
  undo: parseAsString,
  /** The job that was started. */
  job: parseAsString,
};
export const readResetParams = createLoader(resetParams);
export type ResetParams = Awaited<ReturnType<typeof readResetParams>>;

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/i;
/** Epoch ms of the address's time, null when it is none. */
export function timeOf(at: string | null): number | null {
  if (at === null || !ISO.test(at)) return null;
  const ms = Date.parse(at);
  return ms > 0 ? ms : null;
}
