/**
 * Names under which applications put the failure into a message's properties, in the order in which they are
 * believed; compared without regard to case and to `-`, `_` and `.`.
 */
export const CAUSE_PROPERTIES = [
  'errorType',
  'exceptionType',
  'exceptionClass',
  'exception',
  'errorMessage',
  'exceptionMessage',
  'errorReason',
  'failureReason',
  'failReason',
  'failureCause',
  'errorCode',
  'error',
  'cause',
  'reason',
  'x-exception-message',
  'kafka_dlt-exception-message',
] as const;

const plain = (name: string) => name.replace(/[-_.]/g, '').toLowerCase();
const RANKS = new Map(CAUSE_PROPERTIES.map((name, rank) => [plain(name), rank]));
const MAX_LENGTH = 500;

const MOST_NAMES = 2000;
const ranks = new Map<string, number | null>();
/** A million letters carry a handful of names. */
function rankOf(name: string): number | null {
  const known = ranks.get(name);
  if (known !== undefined) return known;
  if (ranks.size >= MOST_NAMES) ranks.clear();
  const rank = RANKS.get(plain(name)) ?? null;
  ranks.set(name, rank);
  return rank;
}

/** Whether it is one of {@link CAUSE_PROPERTIES}. */
export const isCauseProperty = (name: string): boolean => rankOf(name) !== null;

/** What the application says went wrong, or null when it set none of {@link CAUSE_PROPERTIES}. */
export function causeOf(properties: Readonly<Record<string, string>>): { property: string; text: string } | null {
  let best: { property: string; text: string; rank: number } | null = null;
  for (const property in properties) {
    const rank = rankOf(property);
    if (rank === null || (best && rank >= best.rank)) continue;
    const text = properties[property] ?? '';
    if (text.trim() !== '') best = { property, text, rank };
  }
  return best && { property: best.property, text: best.text.slice(0, MAX_LENGTH) };
}
