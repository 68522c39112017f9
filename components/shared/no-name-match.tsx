'use client';
import { NoMatchState } from './states';
import { useNearest } from './use-nearest';

/** A filter of names hides everything: with the name that looks most like what was typed. */
export function NoNameMatch({
  kind,
  cluster,
  query,
  total,
  onClear,
}: {
  kind: 'topics' | 'groups';
  cluster: string | null;
  query: string;
  /** Without the filters; said when no text was typed. */
  total: number;
  onClear: () => void;
}) {
  const nearest = useNearest(kind, query, { cluster: cluster ?? undefined, enabled: true });
  return (
    <NoMatchState query={query || undefined} nearest={nearest} total={query ? undefined : total} onClear={onClear} />
  );
}
