import { type RefObject, useEffect } from 'react';
import { isCovered, isTyping } from './use-row-keys';

/** `/` goes to the field that finds or filters. */
export function useFindKey(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event.target) || isCovered() || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.select();
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [field]);
}
