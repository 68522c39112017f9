import 'server-only';
import { runtime } from './runtime';

/** What the pages before one is signed in say. */
export function entranceFacts() {
  const { settings, setup } = runtime();
  const { idleMs, maxMs } = settings.sessions;
  const { oidc, hasPasswordSignIn } = settings.access;
  return {
    idleMinutes: idleMs / 60_000,
    hours: maxMs / 3_600_000,
    isNew: setup !== null,
    hasPasswordSignIn,
    /** What the button of the OpenID provider says; null: there is none. */
    provider: oidc?.label ?? null,
  };
}
