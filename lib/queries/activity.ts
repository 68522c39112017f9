let lastInputAt = Date.now();

/** Notes every sign of a person; pages ask for news by themselves, and that is none. Answers what stops it. */
export function watchActivity(): () => void {
  const note = () => {
    lastInputAt = Date.now();
  };
  const signs = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;
  for (const sign of signs) window.addEventListener(sign, note, { passive: true, capture: true });
  return () => {
    for (const sign of signs) window.removeEventListener(sign, note, { capture: true });
  };
}

/** Since somebody last did something here, ms. */
export const idleMs = (): number => Math.max(0, Date.now() - lastInputAt);
