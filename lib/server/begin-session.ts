import 'server-only';
import type { StartedSession, Visitor } from '@/lib/domain/accounts/sign-in';
import { secureCookie } from './cookies';
import type { Extra } from './endpoint';
import { runtime } from './runtime';
import { sessionCookie } from './session';

/** Hands the session's cookie to the browser that has just shown who it is. */
export function beginSession({ token, account }: StartedSession, extra: Extra): { name: string } {
  extra.setCookie(secureCookie(sessionCookie(extra.host), token, Math.round(runtime().settings.sessions.maxMs / 1000)));
  return { name: account.name };
}

export const visitorOf = ({ userAgent, session }: Extra): Visitor => ({ userAgent, sessionId: session?.id ?? null });
