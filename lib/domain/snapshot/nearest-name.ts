/** Farther than this is another name, not a slip of the finger. */
const FARTHEST = 3;
const CANDIDATES = 20_000;

/** The existing name closest to one that does not exist, or null when none is close. Case does not count. */
export function nearestName(wanted: string, names: Iterable<string>): string | null {
  const target = wanted.toLowerCase();
  const limit = Math.min(FARTHEST, Math.floor(target.length / 3));
  let best: { name: string; distance: number } | null = null;
  let seen = 0;
  for (const name of names) {
    if (++seen > CANDIDATES) break;
    const distance = editDistance(target, name.toLowerCase(), best ? best.distance - 1 : limit);
    if (distance !== null) best = { name, distance };
    if (best?.distance === 0) break;
  }
  return best?.name ?? null;
}

/** Levenshtein distance, or null when it is above `limit`. */
function editDistance(a: string, b: string, limit: number): number | null {
  if (limit < 0 || Math.abs(a.length - b.length) > limit) return null;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
    if (Math.min(...row) > limit) return null;
  }
  const distance = row[b.length] ?? 0;
  return distance <= limit ? distance : null;
}
