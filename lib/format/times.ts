import type { Locale } from '@/lib/i18n/locale';
import { formatSpan } from './durations';

/** How times are shown: language, IANA zone, and the present moment (epoch ms). */
export type Clock = { locale: Locale; zone: string; now: number };
type Parts = { year: string; month: string; day: string; hour: string; minute: string; second: string };

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(key: string, create: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const known = formatters.get(key);
  if (known) return known;
  const made = create();
  formatters.set(key, made);
  return made;
}

/** Wall clock of a moment in a zone, zero padded. */
export function wallClock(at: number, zone: string): Parts {
  const parts = formatter(
    `wall ${zone}`,
    () =>
      new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      }),
  ).formatToParts(at);
  const get = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return {
    year: get('year'),
    month: get('month'),
    day: get('day'),
    hour: get('hour'),
    minute: get('minute'),
    second: get('second'),
  };
}

const isShowable = (at: number) => Number.isFinite(at) && Math.abs(at) <= 8.64e15;
const millis = (at: number) => String(((at % 1_000) + 1_000) % 1_000).padStart(3, '0');
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `03:00:41`; with the date when not today: `Nov 20, 21:49:00`, and the year when not this year. `precision: 'ms'` adds `.402`. */
export function formatTime(at: number, clock: Clock, precision: 'minute' | 'second' | 'ms' = 'second'): string {
  if (!isShowable(at)) return '–';
  const then = wallClock(at, clock.zone);
  const now = wallClock(clock.now, clock.zone);
  const time = `${then.hour}:${then.minute}${precision === 'minute' ? '' : `:${then.second}`}${precision === 'ms' ? `.${millis(at)}` : ''}`;
  if (then.year === now.year && then.month === now.month && then.day === now.day) return time;
  return `${formatDay(then, now.year, clock.locale)} ${time}`;
}

function formatDay(then: Parts, thisYear: string, locale: Locale): string {
  const month = Number(then.month);
  const day = Number(then.day);
  if (locale === 'zh-CN') return `${then.year === thisYear ? '' : `${then.year}年`}${month}月${day}日`;
  return `${MONTHS[month - 1]} ${day},${then.year === thisYear ? '' : ` ${then.year},`}`;
}

/** `12 min ago`, `in 19 h`; zh-CN `12 分前`, `19 小时后`. */
export function formatAgo(at: number, { locale, now }: Clock): string {
  const span = formatSpan(now - at, locale);
  if (at > now) return locale === 'en' ? `in ${span}` : `${span}后`;
  return locale === 'en' ? `${span} ago` : `${span}前`;
}

/** Absolute and relative together: `03:00:41, 12 min ago`. */
export function formatWhen(at: number, clock: Clock, precision: 'minute' | 'second' | 'ms' = 'second'): string {
  if (!isShowable(at)) return '–';
  return `${formatTime(at, clock, precision)}${clock.locale === 'en' ? ', ' : '，'}${formatAgo(at, clock)}`;
}

/** Minutes east of UTC at a moment. */
export function offsetMinutes(at: number, zone: string): number {
  const wall = wallClock(at, zone);
  const asUtc = Date.UTC(
    Number(wall.year),
    Number(wall.month) - 1,
    Number(wall.day),
    Number(wall.hour),
    Number(wall.minute),
    Number(wall.second),
  );
  return Math.round((asUtc - Math.floor(at / 1_000) * 1_000) / 60_000);
}

/** `UTC+8`, `UTC−3:30`, `UTC`. */
export function formatZone(at: number, zone: string): string {
  const minutes = offsetMinutes(at, zone);
  if (minutes === 0) return 'UTC';
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}${size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`}`;
}

/** ISO 8601 with the zone's offset, for addresses: `2026-11-21T02:40:00+08:00`. */
export function toIso(at: number, zone: string): string {
  const wall = wallClock(at, zone);
  const minutes = offsetMinutes(at, zone);
  const size = Math.abs(minutes);
  const part = (value: number) => String(value).padStart(2, '0');
  const fraction = at % 1_000 === 0 ? '' : `.${millis(at)}`;
  return `${wall.year}-${wall.month}-${wall.day}T${wall.hour}:${wall.minute}:${wall.second}${fraction}${minutes < 0 ? '-' : '+'}${part(Math.floor(size / 60))}:${part(size % 60)}`;
}
