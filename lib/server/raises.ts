import 'server-only';
import { endElapsedRaises, type RaiseOffer } from '@/lib/domain/accounts/raise';
import type { Store } from '@/lib/store/open';
import { log } from './log';
import { runtime } from './runtime';

const AGAIN_MS = 10_000;

/** Puts the end of each raised role into the audit trail when its time is over. */
export interface RaiseWatch {
  /** There is a new one. */
  look(): void;
  stop(): void;
}

export function watchRaises(store: Store): RaiseWatch {
  let timer: NodeJS.Timeout | undefined;
  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      const next = await endElapsedRaises({ store, now: Date.now });
      if (next !== null) arm(next - Date.now());
    } catch (error) {
      log.warn({ err: error }, 'the end of a raised role waits to be recorded');
      arm(AGAIN_MS);
    }
  }
  const arm = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(0, ms));
  };
  void look();
  return { look: () => void look(), stop: () => clearTimeout(timer) };
}

/** What whoever has these roles may raise his own to. */
export function raiseOffers(roles: readonly string[]): RaiseOffer[] {
  const offers = runtime().settings.access.elevation.filter(
    ({ from, to }) => roles.includes(from) && !roles.includes(to),
  );
  const longest = new Map<string, number>();
  for (const { to, maxMinutes } of offers) longest.set(to, Math.max(maxMinutes, longest.get(to) ?? 0));
  return [...longest].map(([role, maxMinutes]) => ({ role, maxMinutes }));
}
