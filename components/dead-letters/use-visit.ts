import { useEffect, useState } from 'react';
import { readVisit, visitAt } from './visit';

const KEY = 'redrive-visit';

/** From when on letters of this group are new to this browser; null while none are. `asOf`: the figures that are shown. */
export function useVisit(cluster: string | null, group: string, asOf: number | undefined): number | null {
  const [newSince, setNewSince] = useState<number | null>(null);
  useEffect(() => {
    if (asOf === undefined) return;
    const key = `${KEY} ${cluster ?? ''} ${group}`;
    try {
      const visit = visitAt(asOf, readVisit(localStorage.getItem(key)));
      localStorage.setItem(key, JSON.stringify(visit));
      setNewSince(visit.newSince);
    } catch {
      // A browser that keeps nothing marks nothing.
    }
  }, [cluster, group, asOf]);
  return newSince;
}
