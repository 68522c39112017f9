import type { Locale } from '@/lib/i18n/locale';

const UNITS = [
  { ms: 86_400_000, en: 'd', 'zh-CN': '天' },
  { ms: 3_600_000, en: 'h', 'zh-CN': '小时' },
  { ms: 60_000, en: 'min', 'zh-CN': '分' },
  { ms: 1_000, en: 's', 'zh-CN': '秒' },
] as const;
const NBSP = '\u00a0';
const say = (count: number | string, unit: (typeof UNITS)[number], locale: Locale) => `${count}${NBSP}${unit[locale]}`;

/** Two units at most: `4 min 12 s`, `71 h 59 min`, `3.1 s`, `11 ms`. Hours run to 72 before days begin. */
export function formatDuration(ms: number, locale: Locale): string {
  const size = Math.abs(ms);
  const sign = ms < 0 ? '−' : '';
  if (size === 0) return say(0, UNITS[3], locale);
  if (size < 100) return `${sign}${Math.max(1, Math.round(size))}${NBSP}${locale === 'en' ? 'ms' : '毫秒'}`;
  if (size < 10_000) {
    const seconds = Math.round(size / 100) / 10;
    return sign + say(Number.isInteger(seconds) ? seconds : seconds.toFixed(1), UNITS[3], locale);
  }
  const seconds = Math.round(size / 1_000);
  const index = UNITS.findIndex((unit) => seconds * 1_000 >= (unit.ms === 86_400_000 ? 3 * unit.ms : unit.ms));
  const large = UNITS[index] ?? UNITS[3];
  const small = UNITS[index + 1];
  const whole = Math.floor((seconds * 1_000) / large.ms);
  if (!small) return sign + say(whole, large, locale);
  const rest = Math.floor((seconds * 1_000 - whole * large.ms) / small.ms);
  return (
    sign +
    (rest === 0 && large.ms > 60_000
      ? say(whole, large, locale)
      : `${say(whole, large, locale)}${NBSP}${say(rest, small, locale)}`)
  );
}

/** One unit, for ages beside a time: `12 min`, `3 s`, `2 d`. */
export function formatSpan(ms: number, locale: Locale): string {
  const size = Math.abs(ms);
  const unit = UNITS.find((candidate) => size >= candidate.ms) ?? UNITS[3];
  return say(Math.floor(size / unit.ms), unit, locale);
}
