'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { useHref } from '@/components/shared/cluster-link';
import { isCovered, isTyping } from '@/components/shared/use-row-keys';
import { PAGES } from './pages';

const SEQUENCE_MS = 1_200;
export const LETTERS_KEY = 'redrive-letters';
const lettersOn = () => localStorage.getItem(LETTERS_KEY) !== 'off';

type Actions = { find: () => void; help: () => void; toggleLive: () => void; copyLink: () => void };

/** Ctrl K always; `?`, `l`, `c` and `g` + letter while nobody types, unless switched off. None of them writes. */
export function useShortcuts(actions: Actions) {
  const router = useRouter();
  const href = useHref();
  const current = useRef({ ...actions, href });
  current.current = { ...actions, href };
  useEffect(() => {
    let goAt = 0;
    const onKey = (event: KeyboardEvent) => {
      const { find, help, toggleLive, copyLink, href } = current.current;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        return find();
      }
      if (
        event.defaultPrevented ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        isTyping(event.target) ||
        isCovered() ||
        !lettersOn()
      )
        return;
      const page =
        goAt > 0 && event.timeStamp - goAt < SEQUENCE_MS
          ? PAGES.find((candidate) => candidate.key === event.key)
          : undefined;
      goAt = 0;
      if (page) {
        event.preventDefault();
        event.stopImmediatePropagation();
        router.push(href(page.path));
      } else if (event.key === 'g') goAt = event.timeStamp;
      else if (event.key === '?') help();
      else if (event.key === 'l') toggleLive();
      else if (event.key === 'c') copyLink();
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [router]);
}
