import { useEffect, useRef } from 'react';
import { isCovered, isTyping } from '@/components/shared/use-row-keys';

/** `r` opens the redrive dialog; it writes nothing by itself. `g r` goes to Retries and is taken before it comes here. */
export function useRedriveKey(onPress: () => void) {
  const handler = useRef(onPress);
  handler.current = onPress;
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'r' || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (isTyping(event.target) || isCovered() || localStorage.getItem('redrive-letters') === 'off') return;
      event.preventDefault();
      handler.current();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
