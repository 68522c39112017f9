import 'server-only';
import { z } from 'zod';
import { doneReply, raiseInput, raiseReply } from '@/lib/contract/accounts';
import { endRaise, raiseRole } from '@/lib/domain/accounts/raise';
import { rolesOf } from '@/lib/domain/accounts/roles-of';
import { defineEndpoint } from '../endpoint';
import { raiseOffers } from '../raises';
import { requireSession } from '../require-session';
import { runtime } from '../runtime';

export const ownRaise = defineEndpoint({
  method: 'POST',
  path: '/api/me/raise',
  summary: 'Have another role besides one’s own for some minutes, in this session, for a reason',
  permission: 'signed-in',
  input: raiseInput,
  reply: raiseReply,
  async run(ctx, input, { session }) {
    requireSession(session);
    const account = await ctx.store.accounts.get(ctx.actor.id);
    const raise = await raiseRole(ctx, session.id, input, raiseOffers(account ? rolesOf(account) : []));
    runtime().raises.look();
    return raise;
  },
});

export const ownRaiseEnd = defineEndpoint({
  method: 'POST',
  path: '/api/me/raise/end',
  summary: 'End that before its time',
  permission: 'signed-in',
  input: z.strictObject({}),
  reply: doneReply,
  async run(ctx, _input, { session }) {
    requireSession(session);
    await endRaise(ctx, session.id);
    return { at: ctx.now() };
  },
});
