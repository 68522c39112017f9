'use client';
import { useEffect, useRef } from 'react';

export const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]') !== null;
/** A dialog or menu is open: single letters belong to it. */
export const isCovered = (): boolean => document.querySelector('.scrim, .menu, .pop, .sheet') !== null;

type Handlers = {
  move: (step: number) => void;
  open: () => void;
  toggle: (extend: boolean) => void;
  selectPage: () => void;
};

/** j k arrows move, Enter opens, x and Space select, Ctrl A takes the page. */
export function useRowKeys(enabled: boolean, handlers: Handlers) {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || isTyping(event.target) || isCovered() || event.altKey) return;
      const { move, open, toggle, selectPage } = current.current;
      const inTable =
        event.target instanceof Element &&
        (event.target === document.body || event.target.closest('table, main') !== null);
      const onControl = event.target instanceof Element && event.target.closest('a, button, input, summary') !== null;
      if (event.ctrlKey || event.metaKey) {
        if (event.key === 'a' && event.target instanceof Element && event.target.closest('table')) {
          event.preventDefault();
          selectPage();
        }
        return;
      }
      if (event.key === 'j' || (event.key === 'ArrowDown' && inTable)) {
        event.preventDefault();
        move(1);
      } else if (event.key === 'k' || (event.key === 'ArrowUp' && inTable)) {
        event.preventDefault();
        move(-1);
      } else if (event.key === 'Enter' && !onControl && inTable) open();
      else if (event.key.toLowerCase() === 'x') toggle(event.shiftKey);
      else if (event.key === ' ' && !onControl && event.target instanceof Element && event.target.closest('table')) {
        event.preventDefault();
        toggle(event.shiftKey);
      }
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [enabled]);
}
