import 'server-only';
import { runtime } from './runtime';

/** What the pages before one is signed in say. */
export function entranceFacts(): { idleMinutes: number; hours: number; isNew: boolean } {
  const { settings, setup } = runtime();
  const { idleMs, maxMs } = settings.sessions;
  return { idleMinutes: idleMs / 60_000, hours: maxMs / 3_600_000, isNew: setup !== null };
}
