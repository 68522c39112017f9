/** Whoever comes back sooner goes on with the visit they were in. */
export const SAME_VISIT_MS = 15 * 60_000;

/** What a browser keeps of a group: until when its letters were looked at, and what is new in this visit. Epoch ms. */
export interface Visit {
  /** Letters that died later are new; null: the first visit, in which nothing is. */
  newSince: number | null;
  seenAt: number;
}

/** The visit that begins or goes on `now`. */
export function visitAt(now: number, before: Visit | null): Visit {
  if (!before || before.seenAt > now) return { newSince: null, seenAt: now };
  const isSame = now - before.seenAt < SAME_VISIT_MS;
  return { newSince: isSame ? before.newSince : before.seenAt, seenAt: now };
}

/** Null for what is not a visit. */
export function readVisit(text: string | null): Visit | null {
  try {
    const { newSince, seenAt } = JSON.parse(text ?? 'null') as Partial<Visit>;
    if (typeof seenAt !== 'number' || (newSince !== null && typeof newSince !== 'number')) return null;
    return { newSince, seenAt };
  } catch {
    return null;
  }
}
