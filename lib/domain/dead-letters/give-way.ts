import type { Ctx } from '../ctx';
import { memoryOf } from '../memory-of';

/** Nobody's answer takes longer, and a ledger is read to its end however many look at it. */
const LONGEST_MS = 250;

interface Lookers {
  count: number;
  /** Called when the last of them has his answer. */
  waiting: (() => void)[];
}
const lookersOf = ({ client }: Pick<Ctx, 'client'>) =>
  memoryOf(client, 'letter-lookers', (): Lookers => ({ count: 0, waiting: [] }));

/** Somebody waits for an answer about dead letters: what is read in the background stands back meanwhile. */
export async function whileLooking<T>(ctx: Pick<Ctx, 'client'>, look: () => Promise<T>): Promise<T> {
  const lookers = lookersOf(ctx);
  lookers.count += 1;
  try {
    return await look();
  } finally {
    lookers.count -= 1;
    if (lookers.count === 0) hurry(ctx);
  }
}

/** Who looks waits for the background itself: it goes on at once. */
export function hurry(ctx: Pick<Ctx, 'client'>): void {
  for (const go of lookersOf(ctx).waiting.splice(0)) go();
}

/** For the background, before each step: a promise while somebody waits for an answer. */
export function giveWay(ctx: Pick<Ctx, 'client'>): Promise<void> | undefined {
  const lookers = lookersOf(ctx);
  if (lookers.count === 0) return undefined;
  return new Promise((resolve) => {
    const go = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(go, LONGEST_MS);
    lookers.waiting.push(go);
  });
}
