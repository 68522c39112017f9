import { setImmediate as nextTurn } from 'node:timers/promises';

/** Long work is done in slices of this, between which requests are answered. */
const SLICE_MS = 8;

/** Called between two steps of a long piece of work: gives the event loop a turn when the present slice is over. */
export function breather(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < SLICE_MS) return undefined;
    return nextTurn().then(() => {
      since = performance.now();
    });
  };
}
