import { type RefObject, useEffect, useRef } from 'react';

const FIELD = 'input:not(:disabled), textarea:not(:disabled), select:not(:disabled)';

/**
 * Initial focus of a dialog: the first field of its body. One that comes later, with a plan, gets it too, unless the focus has
 * been moved by then. On a touch screen it does not: it would jump over what is to be read first.
 */
export function useFirstField(body: RefObject<HTMLElement | null>): (event: Event) => void {
  const observer = useRef<MutationObserver>(null);
  useEffect(() => () => observer.current?.disconnect(), []);
  const focusField = (): boolean => {
    const field = body.current?.querySelector<HTMLElement>(FIELD);
    field?.focus();
    return Boolean(field);
  };
  const isUnmoved = (): boolean => {
    const dialog = body.current?.parentElement;
    const active = document.activeElement;
    return active === dialog || active === document.body || Boolean(dialog?.firstElementChild?.contains(active));
  };
  return (event) => {
    if (focusField()) return event.preventDefault();
    if (!body.current || matchMedia('(pointer: coarse)').matches) return;
    observer.current?.disconnect();
    observer.current = new MutationObserver((_, self) => {
      if (!isUnmoved() || focusField()) self.disconnect();
    });
    observer.current.observe(body.current, { childList: true, subtree: true });
  };
}
