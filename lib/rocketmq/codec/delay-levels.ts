import { CodecError } from './codec-error';

const UNIT_MS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Delays in ms of a broker's `messageDelayLevel`; level n is at index n - 1
 * (`DelayOffsetSerializeWrapper`'s levels start at 1).
 *
 * @throws CodecError for text a broker would refuse to start with.
 */
export function parseDelayLevels(text: string): number[] {
  const levels = text.trim().split(/\s+/);
  return levels.map((level) => {
    const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(level) ?? [];
    const unitMs = UNIT_MS[unit ?? ''];
    if (count === undefined || unitMs === undefined)
      throw new CodecError('messageDelayLevel', `not a delay: ${level.slice(0, 20)}`);
    return Number(count) * unitMs;
  });
}
