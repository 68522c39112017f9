import { useEffect, useState } from 'react';

const KEY = 'redrive-trace-recent';
const MOST = 8;

/** What was looked up in this browser, newest first. */
export function useRecentIds(found: string | null): readonly string[] {
  const [ids, setIds] = useState<readonly string[]>([]);
  useEffect(() => {
    const before = read();
    if (!found) return setIds(before);
    const next = [found, ...before.filter((id) => id !== found)].slice(0, MOST);
    localStorage.setItem(KEY, JSON.stringify(next));
    setIds(next);
  }, [found]);
  return ids;
}

function read(): string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(stored) ? stored.filter((id) => typeof id === 'string').slice(0, MOST) : [];
  } catch {
    return [];
  }
}
