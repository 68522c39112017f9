'use client';
import { useEffect, useState } from 'react';

type Spoken = { text: string; urgency: 'polite' | 'assertive' };
const listeners = new Set<(spoken: Spoken) => void>();

/** Says it to a screen reader. */
export function announce(text: string, urgency: Spoken['urgency'] = 'polite'): void {
  for (const listener of listeners) listener({ text, urgency });
}

export function LiveRegion() {
  const [spoken, setSpoken] = useState<Spoken>({ text: '', urgency: 'polite' });
  useEffect(() => {
    listeners.add(setSpoken);
    return () => {
      listeners.delete(setSpoken);
    };
  }, []);
  return (
    <>
      <div className="sr still" role="status">
        {spoken.urgency === 'polite' ? spoken.text : ''}
      </div>
      <div className="sr still" role="alert">
        {spoken.urgency === 'assertive' ? spoken.text : ''}
      </div>
    </>
  );
}
