import { useQuery } from '@tanstack/react-query';
import { namesQuery } from '@/lib/queries/clusters';

/** The name that looks most like what was typed, asked only once nothing matches. */
export function useNearest(
  kind: 'topics' | 'groups',
  text: string,
  { cluster, enabled }: { cluster: string | undefined; enabled: boolean },
): string | undefined {
  const { data } = useQuery({ ...namesQuery(cluster), enabled: enabled && text.length > 2 });
  return enabled ? nearest(data?.[kind] ?? [], text) : undefined;
}

const ENOUGH = 0.4;

function nearest(names: readonly string[], text: string): string | undefined {
  let best: { name: string; share: number } | undefined;
  for (const name of names) {
    const share = likeness(pairsOf(name), pairsOf(text));
    if (share >= ENOUGH && share > (best?.share ?? 0)) best = { name, share };
  }
  return best?.name;
}

/** Sørensen–Dice over pairs of letters: forgives a missing, doubled or swapped one. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return (2 * shared) / Math.max(1, a.size + b.size);
}

const pairsOf = (text: string): ReadonlySet<string> =>
  new Set(Array.from({ length: Math.max(0, text.length - 1) }, (_, at) => text.slice(at, at + 2).toLowerCase()));
