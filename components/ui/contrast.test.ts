import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('app/base.css', 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);
type Theme = 'light' | 'dark';

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(over: string, under: string, theme: Theme): number {
  const [a, b] = [tokens.get(over), tokens.get(under)];
  if (!a || !b) throw new Error(`base.css has no --${a ? under : over}`);
  const [bright, dim] = [luminance(a[theme]), luminance(b[theme])].sort((x, y) => y - x);
  return ((bright ?? 0) + 0.05) / ((dim ?? 0) + 0.05);
}

const PLANES = ['canvas', 'surface', 'raised', 'inset', 'hover', 'sel'];
const STATUSES = ['crit', 'warn', 'ok', 'info', 'viol'];
const TEXT: [string, string][] = [
  ...['fg', 'fg-2', 'fg-3'].flatMap((text) => [...PLANES, 'active'].map((plane): [string, string] => [text, plane])),
  ...['fg-2', 'fg'].map((text): [string, string] => [text, 'mute-tint']),
  ...STATUSES.flatMap((status): [string, string][] => [...PLANES, `${status}-tint`].map((plane) => [status, plane])),
  ...STATUSES.map((status): [string, string] => ['fg', `${status}-tint`]),
  ...PLANES.map((plane): [string, string] => ['link', plane]),
  ['fg-on-ink', 'ink'],
  ['fg-on-ink', 'ink-hover'],
  ['fg-on-fill', 'crit-fill'],
  ['slab-fg', 'slab'],
  ...['j-key', 'j-str', 'j-num', 'j-lit'].map((token): [string, string] => [token, 'inset']),
];
const MARKS: [string, string][] = [
  ['control', 'surface'],
  ['control', 'inset'],
  ['crit-mark', 'surface'],
  ['slab-line', 'slab'],
  ...PLANES.map((plane): [string, string] => ['focus', plane]),
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((series): [string, string] => [`c${series}`, 'surface']),
];

describe.each(['light', 'dark'] as const)('%s', (theme) => {
  it.each(TEXT)('text %s on %s', (text, plane) => {
    expect(contrast(text, plane, theme)).toBeGreaterThanOrEqual(4.5);
  });
  it.each(MARKS)('mark %s on %s', (mark, plane) => {
    expect(contrast(mark, plane, theme)).toBeGreaterThanOrEqual(3);
  });
});
