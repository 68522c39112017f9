import type { Ctx } from '../ctx';
import { auditAccount } from './audit';
import { removeSessions } from './raise';

/** Ends one's own session; an unknown one has ended already. */
export async function signOut(ctx: Ctx, sessionId: string): Promise<void> {
  await ctx.store.transaction(async (tables) => {
    const session = await tables.sessions.get(sessionId);
    if (session) await removeSessions(ctx, tables, [session]);
    await auditAccount(ctx, tables, 'session.sign-out', ctx.actor.name);
  });
}

/** Ends another of one's own sessions, such as that of a lost machine. */
export async function endSession(ctx: Ctx, id: string): Promise<void> {
  await ctx.store.transaction(async (tables) => {
    const own = await tables.sessions.ofAccount(ctx.actor.id);
    const session = own.find((each) => each.id === id);
    if (!session) return;
    await removeSessions(ctx, tables, [session]);
    await auditAccount(ctx, tables, 'session.end', ctx.actor.name, { session: id });
  });
}
