import 'server-only';
import { z } from 'zod';
import { doneReply, meReply, ownPasswordInput, setupInput, signedInReply, signInInput } from '@/lib/contract/accounts';
import { changeOwnPassword, createAccount } from '@/lib/domain/accounts/manage';
import { rolesOf } from '@/lib/domain/accounts/roles-of';
import { signIn, startSession } from '@/lib/domain/accounts/sign-in';
import { signOut } from '@/lib/domain/accounts/sign-out';
import { ApiError } from '../api-error';
import { beginSession, visitorOf } from '../begin-session';
import { secureCookie } from '../cookies';
import { defineEndpoint } from '../endpoint';
import { raiseOffers } from '../raises';
import { requireSession } from '../require-session';
import { runtime } from '../runtime';
import { raisedGrants, sessionCookie } from '../session';

const nothing = z.strictObject({});

export const signInEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/sign-in',
  summary: 'Sign in with name and password; the session is a cookie',
  permission: 'public',
  input: signInInput,
  reply: signedInReply,
  // A tenth of a second each; many at once wait for each other.
  deadlineMs: 20_000,
  async run(ctx, input, extra) {
    const { throttle, settings } = runtime();
    if (!settings.access.hasPasswordSignIn) throw new ApiError(403, 'forbidden', 'password_off');
    return beginSession(await signIn(ctx, input, visitorOf(extra), { throttle, limits: settings.sessions }), extra);
  },
});

export const setupEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/setup',
  summary: 'Make the first account, an administrator, with the secret of the setup link',
  permission: 'public',
  input: setupInput,
  reply: signedInReply,
  deadlineMs: 20_000,
  async run(ctx, { token, name, password }, extra) {
    const current = runtime();
    const link = current.setup;
    if (!link?.isToken(token)) throw new ApiError(403, 'setup_refused', 'setup_refused');
    // Taken before it is used: of two at the same time only one makes an account.
    current.setup = null;
    try {
      const account = await createAccount(
        { ...ctx, actor: { ...ctx.actor, authMethod: 'setup' } },
        { name, password, roles: ['admin'] },
      );
      link.forget();
      return beginSession(
        await startSession(ctx, account, visitorOf(extra), 'setup', current.settings.sessions),
        extra,
      );
    } catch (error) {
      if (!(await ctx.store.accounts.hasLocal())) current.setup = link;
      throw error;
    }
  },
});

export const signOutEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/sign-out',
  summary: 'End this session',
  permission: 'signed-in',
  input: nothing,
  reply: doneReply,
  async run(ctx, _input, { session, host, setCookie }) {
    if (session) await signOut(ctx, session.id);
    setCookie(secureCookie(sessionCookie(host), '', 0));
    return { at: ctx.now() };
  },
});

export const meEndpoint = defineEndpoint({
  method: 'GET',
  path: '/api/me',
  summary: 'Who is signed in, what is allowed, and until when',
  permission: 'signed-in',
  input: z.object({}),
  reply: meReply,
  async run({ actor, store, now }, _input, { session }) {
    const { id, name, roles, grants, within, authMethod } = actor;
    const account = await store.accounts.get(id);
    return {
      id,
      name,
      roles: [...roles],
      grants: [...grants],
      within,
      authMethod,
      session: session && { idleEndsAt: session.idleEndsAt, endsAt: session.endsAt },
      raise: session?.raise ?? null,
      raisable:
        session && account
          ? raiseOffers(rolesOf(account)).map((offer) => ({ ...offer, grants: raisedGrants(offer.role) }))
          : [],
      hasPassword: account?.passwordHash != null,
      now: now(),
    };
  },
});

export const ownPasswordEndpoint = defineEndpoint({
  method: 'POST',
  path: '/api/me/password',
  summary: 'Change the password; every other session ends',
  permission: 'signed-in',
  input: ownPasswordInput,
  reply: doneReply,
  deadlineMs: 20_000,
  async run(ctx, input, { session }) {
    requireSession(session);
    await changeOwnPassword(ctx, input, session.id, runtime().throttle);
    return { at: ctx.now() };
  },
});
