import { describe, expect, it } from 'vitest';
import { parseTimeInput } from './time-input';

const zone = 'Asia/Shanghai';
const now = Date.parse('2026-11-21T03:12:41+08:00');
const read = (text: string, inZone = zone) => {
  const at = parseTimeInput(text, { zone: inZone, now });
  return at === null ? null : new Date(at).toISOString();
};
const utc = (text: string) => new Date(text).toISOString();

describe('parseTimeInput', () => {
  it.each([
    ['02:40', '2026-11-21T02:40:00+08:00'],
    ['18:00', '2026-11-20T18:00:00+08:00'],
    ['03:00:41.402', '2026-11-21T03:00:41.402+08:00'],
    ['yesterday 18:00', '2026-11-20T18:00:00+08:00'],
    ['昨天 18:00', '2026-11-20T18:00:00+08:00'],
    ['today 23:00', '2026-11-21T23:00:00+08:00'],
    ['-30m', '2026-11-21T02:42:41+08:00'],
    ['- 90 s', '2026-11-21T03:11:11+08:00'],
    ['2 h ago', '2026-11-21T01:12:41+08:00'],
    ['1.5h', '2026-11-21T01:42:41+08:00'],
    ['30分钟前', '2026-11-21T02:42:41+08:00'],
    ['now', '2026-11-21T03:12:41+08:00'],
    ['2026-11-20', '2026-11-20T00:00:00+08:00'],
    ['2026-11-20 18:00', '2026-11-20T18:00:00+08:00'],
    ['2026-11-20T18:00:00Z', '2026-11-20T18:00:00Z'],
    ['2026-11-20T18:00:00-03:30', '2026-11-20T21:30:00Z'],
    ['2026-11-20T18:00:00.25+0800', '2026-11-20T10:00:00.250Z'],
    [String(now), '2026-11-21T03:12:41+08:00'],
  ])('%s', (text, expected) => expect(read(text)).toBe(utc(expected)));

  it.each([
    ...['', '25:00', '12:60', '2026-02-30', '2026-13-01 10:00', 'soon', '12', '-m', '99:99'],
    ...['-99999999999999d', '-9999999d', '0000-01-01', '1969-12-31', '99999999999999999', '2026-11-21T10:00+99:99'],
  ])('refuses “%s”', (text) => expect(read(text)).toBeNull());

  it('follows the zone over a clock change', () => {
    expect(read('2026-03-29 01:30', 'Europe/Berlin')).toBe(utc('2026-03-29T00:30:00Z'));
    expect(read('2026-03-29 03:30', 'Europe/Berlin')).toBe(utc('2026-03-29T01:30:00Z'));
    expect(read('2026-10-25 12:00', 'Europe/Berlin')).toBe(utc('2026-10-25T11:00:00Z'));
  });
});
