import { describe, expect, it } from 'vitest';
import { formatBytes } from './bytes';
import { formatDuration, formatSpan } from './durations';
import { looksLikeMessageId, shortId } from './ids';
import { counted, formatChange, formatCount, formatPercent, formatRate } from './numbers';
import { formatAgo, formatTime, formatWhen, formatZone, toIso } from './times';

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ');
const now = Date.parse('2026-11-21T03:12:41+08:00');
const clock = { locale: 'en' as const, zone: 'Asia/Shanghai', now };
const at = (iso: string) => Date.parse(iso);

describe('numbers', () => {
  it('groups from 1 000 with U+202F', () => {
    expect(formatCount(999)).toBe('999');
    expect(formatCount(4203)).toBe('4\u202f203');
    expect(plain(formatCount(9_007_199_254_740_993n))).toBe('9 007 199 254 740 993');
    expect(plain(formatCount(-1234))).toBe('−1 234');
    expect(formatCount(0)).toBe('0');
  });
  it('signs changes', () =>
    expect([formatChange(99_114), formatChange(-3), formatChange(0)].map(plain)).toEqual(['+99 114', '−3', '0']));
  it('writes rates with one decimal', () =>
    expect([formatRate(93.06), formatRate(0), formatRate(1234.55)].map(plain)).toEqual([
      '93.1/s',
      '0.0/s',
      '1 234.6/s',
    ]));
  it('never rounds a share to nothing or to all', () =>
    expect([0, 0.0001, 0.0061, 0.5, 0.99999, 1].map((share) => plain(formatPercent(share)))).toEqual([
      '0 %',
      '< 0.1 %',
      '0.6 %',
      '50 %',
      '> 99.9 %',
      '100 %',
    ]));
  it('fills plural templates', () => expect(counted(4203, 'rows')).toEqual({ rows: 4203, count: '4\u202f203' }));
});

it.each([
  [0, '0 B'],
  [412, '412 B'],
  [1000, '0.98 KB'],
  [1024, '1.00 KB'],
  [350_000, '342 KB'],
  [9_470_000_000, '8.82 GB'],
  [1023 * 1024, '1.00 MB'],
])('%d bytes', (bytes, text) => expect(plain(formatBytes(bytes))).toBe(text));

describe('durations', () => {
  it.each([
    [0, '0 s', '0 秒'],
    [11, '11 ms', '11 毫秒'],
    [3_104, '3.1 s', '3.1 秒'],
    [59_600, '1 min 0 s', '1 分 0 秒'],
    [252_000, '4 min 12 s', '4 分 12 秒'],
    [720_000, '12 min 0 s', '12 分 0 秒'],
    [17_160_000, '4 h 46 min', '4 小时 46 分'],
    [259_140_000, '71 h 59 min', '71 小时 59 分'],
    [3 * 86_400_000, '3 d', '3 天'],
  ])('%d ms', (ms, en, zh) => {
    expect(plain(formatDuration(ms, 'en'))).toBe(en);
    expect(plain(formatDuration(ms, 'zh-CN'))).toBe(zh);
  });
  it('says ages in one unit', () => expect(plain(formatSpan(12 * 60_000 + 5_000, 'en'))).toBe('12 min'));
});

describe('times', () => {
  it('leaves the date out today only', () => {
    expect(formatTime(at('2026-11-21T03:00:41+08:00'), clock)).toBe('03:00:41');
    expect(formatTime(at('2026-11-20T21:49:00+08:00'), clock, 'minute')).toBe('Nov 20, 21:49');
    expect(formatTime(at('2025-11-20T21:49:00+08:00'), clock)).toBe('Nov 20, 2025, 21:49:00');
    expect(formatTime(at('2026-11-20T21:49:00+08:00'), { ...clock, locale: 'zh-CN' }, 'minute')).toBe('11月20日 21:49');
  });
  it('puts absolute and relative together', () => {
    expect(plain(formatWhen(at('2026-11-21T03:00:41+08:00'), clock))).toBe('03:00:41, 12 min ago');
    expect(plain(formatWhen(at('2026-11-21T03:00:41+08:00'), { ...clock, locale: 'zh-CN' }))).toBe('03:00:41，12 分前');
    expect(plain(formatAgo(now + 3_600_000, clock))).toBe('in 1 h');
    expect(formatWhen(Number.NaN, clock)).toBe('–');
  });
  it('names zones and writes addresses', () => {
    expect(formatZone(now, 'Asia/Shanghai')).toBe('UTC+8');
    expect(formatZone(now, 'America/St_Johns')).toBe('UTC−3:30');
    expect(toIso(at('2026-11-20T18:40:00Z'), 'Asia/Shanghai')).toBe('2026-11-21T02:40:00+08:00');
  });
});

describe('ids', () => {
  it('shortens long ones', () => expect(shortId('0A04030B1F9018B4AAC25D8C4E7100F2')).toBe('0A04030B…7100F2'));
  it('knows message ids', () => {
    expect(looksLikeMessageId(' 0A04030B1F9018B4AAC25D8C4E7100F2 ')).toBe(true);
    expect(looksLikeMessageId('ORD-20261120-884213')).toBe(false);
  });
});
