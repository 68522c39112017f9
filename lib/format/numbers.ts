const GROUP = '\u202f';

/** `4203` → `4 203`: groups of three from 1 000 on, narrow no-break space, the same in every language. */
export function formatCount(value: number | bigint): string {
  const text = typeof value === 'bigint' ? value.toString() : Math.trunc(value).toString();
  const negative = text.startsWith('-');
  const grouped = (negative ? text.slice(1) : text).replace(/\B(?=(\d{3})+$)/g, GROUP);
  return negative ? `−${grouped}` : grouped;
}

/** For templates with a plural: `t('rows', counted(3, 'total'))` fills `{total, plural, …}` and the visible `{count}`. */
export function counted<K extends string = 'n'>(value: number, name?: K): Record<K, number> & { count: string } {
  return { [name ?? 'n']: value, count: formatCount(value) } as Record<K, number> & { count: string };
}

/** Signed change: `+99 114`, `−12`, `0`. */
export const formatChange = (value: number | bigint): string =>
  value > 0 ? `+${formatCount(value)}` : formatCount(value);

/** Messages per second, one decimal: `93.1/s`. */
export function formatRate(perSecond: number): string {
  const rounded = Math.round(perSecond * 10) / 10;
  const [whole = '0', decimal = '0'] = rounded.toFixed(1).split('.');
  return `${formatCount(Number(whole))}.${decimal}/s`;
}

/** A share of one: `0.0061` → `0.6 %`. Never rounds to 0 % or 100 % what is not. */
export function formatPercent(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.1) return `<${GROUP}0.1${GROUP}%`;
  if (percent < 100 && percent > 99.9) return `>${GROUP}99.9${GROUP}%`;
  const text = percent >= 10 || Number.isInteger(percent) ? Math.round(percent).toString() : percent.toFixed(1);
  return `${text === '100' && percent < 100 ? '99.9' : text}${GROUP}%`;
}
