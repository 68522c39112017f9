'use client';
import { usePathname, useSearchParams } from 'next/navigation';
import { useEffect, useRef } from 'react';

/** Id of the main landmark; the skip link leads there too. */
export const CONTENT = 'content';

/**
 * After going to another page the keyboard goes on from its beginning, unless a field of the new page has taken the focus.
 * A change within a page leaves the focus where it is, unless what had it is gone.
 */
export function usePageFocus(): void {
  const path = usePathname();
  const search = useSearchParams().toString();
  const shown = useRef({ path, search });
  useEffect(() => {
    const before = shown.current;
    shown.current = { path, search };
    if (before.path === path && before.search === search) return;
    const main = document.getElementById(CONTENT);
    const active = document.activeElement;
    const isLost = active === null || active === document.body;
    const isLeft = before.path !== path && !main?.contains(active) && !active?.closest('[role="dialog"]');
    if (isLost || isLeft) main?.focus({ preventScroll: true });
  }, [path, search]);
}
