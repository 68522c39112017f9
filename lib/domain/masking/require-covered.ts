import { hiddenFromRedrive } from './hidden';
import { masking, maskOfAny } from './mask';
import type { MaskCtx } from './rule';

/**
 * Copies of letters from these business topics would not show more in `topic` than the letters do. `DomainError`
 * FORBIDDEN where they would.
 */
export function requireCovered(ctx: MaskCtx, group: string, origins: readonly (string | null)[], topic: string): void {
  const hidden = maskOfAny(ctx, { group }, origins);
  if (!hidden) return;
  const there = masking(ctx, { topic })(topic);
  const isAll = there !== null && there.by.length === 0;
  if (!isAll && (hidden.by.length === 0 || !hidden.by.every((name) => there?.by.includes(name))))
    throw hiddenFromRedrive(hidden);
}
