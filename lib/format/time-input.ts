import { offsetMinutes, wallClock } from './times';

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?)?(Z|[+-]\d\d:?\d\d)?$/i;
const CLOCK = /^(?:(today|yesterday|今天|昨天)\s*)?(\d{1,2}):(\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?$/i;
const BACK = /^(?:-\s*)?(\d+(?:\.\d+)?)\s*(s|sec|m|min|h|d|秒|分钟?|小时|天)(?:\s*ago|前)?$/i;
const UNIT_MS: Record<string, number> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  秒: 1_000,
  分: 60_000,
  小: 3_600_000,
  天: 86_400_000,
};
const DAY_MS = 86_400_000;
/** The end of the year 9999; no store time lies before 1970. */
const LATEST_MS = Date.UTC(10_000, 0, 1) - 1;
const FARTHEST_ZONE_MINUTES = 18 * 60;

type Parts = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string> & { fraction: string };

/** Epoch ms of a wall clock in a zone. A time that a clock change leaves out moves to the hour after it. */
function fromWall({ fraction, ...parts }: Parts, zone: string): number | null {
  const year = Number(parts.year);
  const month = Number(parts.month);
  const day = Number(parts.day);
  const hour = Number(parts.hour);
  const minute = Number(parts.minute);
  const second = Number(parts.second);
  const ms = Number(fraction.padEnd(3, '0'));
  if (
    month < 1 ||
    month > 12 ||
    day < 1 ||
    day > new Date(Date.UTC(year, month, 0)).getUTCDate() ||
    hour > 23 ||
    minute > 59 ||
    second > 59
  )
    return null;
  const asUtc = Date.UTC(year, month - 1, day, hour, minute, second, ms);
  const guess = asUtc - offsetMinutes(asUtc, zone) * 60_000;
  return asUtc - offsetMinutes(guess, zone) * 60_000;
}

/**
 * What a person types for a moment: `02:40` (the last such time, today or yesterday), `-30m`, `yesterday 18:00`, `now`, ISO 8601 with or
 * without a zone, or epoch milliseconds. Null when it is none of these, or lies before 1970 or after the year 9999.
 */
export function parseTimeInput(text: string, clock: { zone: string; now: number }): number | null {
  const at = read(text.trim(), clock);
  return at !== null && at > 0 && at <= LATEST_MS ? at : null;
}

function read(input: string, { zone, now }: { zone: string; now: number }): number | null {
  if (/^(now|现在)$/i.test(input)) return now;
  if (/^\d{12,14}$/.test(input)) return Number(input);
  const iso = ISO.exec(input);
  if (iso) {
    const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', offset] = iso;
    const wall = fromWall({ year, month, day, hour, minute, second, fraction }, offset ? 'UTC' : zone);
    if (wall === null || !offset || offset.toUpperCase() === 'Z') return wall;
    const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(-2));
    if (minutes > FARTHEST_ZONE_MINUTES || Number(offset.slice(-2)) > 59) return null;
    return wall - (offset.startsWith('-') ? -minutes : minutes) * 60_000;
  }
  const back = BACK.exec(input);
  if (back) return now - Number(back[1]) * (UNIT_MS[(back[2] ?? '').charAt(0).toLowerCase()] ?? Number.NaN);
  const clock = CLOCK.exec(input);
  if (!clock) return null;
  const [, dayWord, hour = '', minute = '', second = '0', fraction = ''] = clock;
  const on = (at: number) => fromWall({ ...wallClock(at, zone), hour, minute, second, fraction }, zone);
  if (dayWord) return on(/^(today|今天)$/i.test(dayWord) ? now : now - DAY_MS);
  const today = on(now);
  return today !== null && today > now ? on(now - DAY_MS) : today;
}
