/** Offsets from `from` to below `to`. */
export interface Stretch {
  from: number;
  to: number;
}

/** What of [from, to) is in none of the stretches, highest first. */
export function unreadOf(read: readonly Stretch[], { from, to }: Stretch): Stretch[] {
  const unread: Stretch[] = [];
  let top = to;
  for (const stretch of [...read].sort((a, b) => b.to - a.to)) {
    if (top <= from) break;
    if (stretch.to < top) unread.push({ from: Math.max(from, stretch.to), to: top });
    top = Math.min(top, stretch.from, Math.max(from, stretch.to));
  }
  if (top > from) unread.push({ from, to: top });
  return unread;
}

export const lengthOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((sum, { from, to }) => sum + to - from, 0);

/** Those of a list that are of one queue. */
export const ofQueue = <Each extends { broker: string; queueId: number }>(
  list: readonly Each[],
  { broker, queueId }: { broker: string; queueId: number },
): Each[] => list.filter((each) => each.broker === broker && each.queueId === queueId);
