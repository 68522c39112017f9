import { useRef } from 'react';

/**
 * Gives the focus back to what opened a layer. Where that is gone (an entry of a closed menu, a button of the bar of a cleared
 * selection), the menu's button, the current row or the page takes it. Radix does this for its own triggers only.
 */
export function useReturnFocus() {
  const opener = useRef<HTMLElement | null>(null);
  return {
    remember: () => {
      const active = document.activeElement;
      const menu = active?.closest('[role="menu"]');
      const button = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : active;
      opener.current = button instanceof HTMLElement && button !== document.body ? button : null;
    },
    giveBack: (event: Event) => {
      event.preventDefault();
      const target = opener.current?.isConnected
        ? opener.current
        : (document.querySelector<HTMLElement>('#content tr.cur') ?? document.getElementById('content'));
      target?.focus({ preventScroll: true });
    },
  };
}
