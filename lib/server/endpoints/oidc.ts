import 'server-only';
import { z } from 'zod';
import { oidcBeginInput, oidcBegunReply, oidcFinishedReply, oidcFinishInput } from '@/lib/contract/accounts';
import { auditSignIn, paused } from '@/lib/domain/accounts/sign-in';
import { signInExternally } from '@/lib/domain/accounts/sign-in-external';
import type { Ctx } from '@/lib/domain/ctx';
import { DomainError } from '@/lib/domain/errors';
import { ApiError } from '../api-error';
import { beginSession, visitorOf } from '../begin-session';
import { cookieOf, ownCookie, secureCookie } from '../cookies';
import { defineEndpoint } from '../endpoint';
import { originFor } from '../host';
import { CALLBACK_PATH, type OidcSignIn, PENDING_S, type Pending } from '../oidc';
import { runtime } from '../runtime';

const pendingCookie = (host: string | null): string => ownCookie('redrive-oidc', host);

/**
 * Strict although another site sends the browser back: what brings the answer to us is our own page, which reads it from
 * its address. So no other site's request ever carries it.
 */
const keep = (pending: Pending): string => Buffer.from(JSON.stringify(pending)).toString('base64url');
const kept = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  next: z.string(),
  at: z.number(),
});

function pendingIn(cookie: string | null, host: string | null): Pending | null {
  const text = cookieOf(cookie, pendingCookie(host));
  if (!text) return null;
  try {
    return kept.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
  } catch {
    return null;
  }
}

function required(): OidcSignIn {
  const { oidc } = runtime();
  if (!oidc) throw new ApiError(404, 'not_found', 'oidc_off');
  return oidc;
}

const redirectUri = (host: string | null): string => `${originFor(host) ?? runtime().settings.origin}${CALLBACK_PATH}`;

/** Whoever does not get in is in the trail with the cause, and cannot fill it. */
async function counted<T>(ctx: Ctx, work: () => Promise<T>): Promise<T> {
  const { throttle } = runtime();
  const { ip } = ctx.actor;
  const waitMs = throttle.waitMs(null, ip);
  if (waitMs > 0) throw paused(waitMs);
  throttle.count(null, ip);
  try {
    const done = await work();
    throttle.forgive(null, ip);
    return done;
  } catch (error) {
    // Who has been named stands in the trail already.
    if (error instanceof DomainError && !NAMED.includes(error.key)) {
      const detail = error.params.error ?? error.params.problem;
      await auditSignIn(ctx, null, [error.key, detail].filter(Boolean).join(' '), 'oidc');
    }
    throw error;
  }
}
const NAMED = ['oidc_no_role', 'oidc_disabled'];

export const oidcBegin = defineEndpoint({
  method: 'POST',
  path: '/api/sign-in/oidc',
  summary: 'Begin to sign in at the OpenID provider; the browser goes on to the address it is given',
  permission: 'public',
  input: oidcBeginInput,
  reply: oidcBegunReply,
  deadlineMs: 15_000,
  async run(ctx, { next }, { host, setCookie }) {
    const oidc = required();
    const { url, pending } = await counted(ctx, () => oidc.begin(redirectUri(host), next));
    setCookie(secureCookie(pendingCookie(host), keep(pending), PENDING_S));
    return { url };
  },
});

export const oidcFinish = defineEndpoint({
  method: 'POST',
  path: '/api/sign-in/oidc/finish',
  summary: 'Sign in with what the OpenID provider sent the browser back with; the session is a cookie',
  permission: 'public',
  input: oidcFinishInput,
  reply: oidcFinishedReply,
  deadlineMs: 30_000,
  async run(ctx, { answer }, extra) {
    const oidc = required();
    const { host } = extra;
    const pending = pendingIn(extra.cookie, host);
    const started = await counted(ctx, async () => {
      const identity = await oidc.finish(redirectUri(host), answer, pending);
      const { sessions } = runtime().settings;
      return signInExternally(ctx, identity, oidc.rolesOf(identity.groups), visitorOf(extra), sessions);
    });
    extra.setCookie(secureCookie(pendingCookie(host), '', 0));
    return { ...beginSession(started, extra), next: pending?.next ?? '/' };
  },
});
