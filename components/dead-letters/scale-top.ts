/** A quiet day draws no mountain. */
const LEAST = 10;

/** The end of a scale from 0 that holds `most`: even, so that its middle is a whole number too. */
export function scaleTop(most: number): number {
  const ten = 10 ** Math.floor(Math.log10(Math.max(LEAST, most)));
  return [1, 2, 4, 6, 10].map((step) => step * ten).find((top) => top >= Math.max(LEAST, most)) ?? 10 * ten;
}
