import { type Kysely, type Selectable, sql } from 'kysely';
import type { Account } from './accounts';
import type { SessionTable } from './accounts-schema';
import type { Schema } from './schema';

export type Session = Selectable<SessionTable>;

export function sessions(db: Kysely<Schema>) {
  return {
    async insert(session: Session): Promise<void> {
      await db.insertInto('session').values(session).execute();
    },
    /** With whose it is, by one read: it is asked for every request. */
    async byHash(tokenHash: string): Promise<{ session: Session; account: Account } | undefined> {
      const row = await db
        .selectFrom('session')
        .innerJoin('account', 'account.id', 'session.accountId')
        .selectAll('session')
        .select([
          'account.name',
          'account.nameKey',
          'account.subject',
          'account.passwordHash',
          'account.rolesJson',
          'account.createdAt as accountCreatedAt',
          'account.disabledAt',
          'account.confirmedAt',
        ])
        .where('session.tokenHash', '=', tokenHash)
        .executeTakeFirst();
      if (!row) return undefined;
      const { name, nameKey, subject, passwordHash, rolesJson, accountCreatedAt, disabledAt, confirmedAt, ...session } =
        row;
      const of = { id: session.accountId, name, nameKey, subject, passwordHash, rolesJson, disabledAt, confirmedAt };
      return { session, account: { ...of, createdAt: accountCreatedAt } };
    },
    get(id: string): Promise<Session | undefined> {
      return db.selectFrom('session').selectAll().where('id', '=', id).executeTakeFirst();
    },
    /** Those with a role besides their account's, also where its time is over. */
    raised(): Promise<Session[]> {
      return db.selectFrom('session').selectAll().where('raisedRole', 'is not', null).execute();
    },
    async raise(id: string, raise: { role: string; until: number; reason: string } | null): Promise<void> {
      const { role = null, until = null, reason = null } = raise ?? {};
      const patch = { raisedRole: role, raisedUntil: until, raisedReason: reason };
      await db.updateTable('session').set(patch).where('id', '=', id).execute();
    },
    ofAccount(accountId: string): Promise<Session[]> {
      return db
        .selectFrom('session')
        .selectAll()
        .where('accountId', '=', accountId)
        .orderBy('lastSeenAt', 'desc')
        .execute();
    },
    async seen(id: string, at: number): Promise<void> {
      await db.updateTable('session').set({ lastSeenAt: at }).where('id', '=', id).execute();
    },
    async remove(id: string): Promise<void> {
      await db.deleteFrom('session').where('id', '=', id).execute();
    },
    /**
     * Those that ended by themselves, but for the last of each account, which tells when somebody was last seen, and for
     * one with a raised role, whose end is not in the trail yet.
     */
    async sweep(now: number, idleSince: number): Promise<void> {
      await sql`delete from "session" where "raisedRole" is null and ("expiresAt" < ${now} or "lastSeenAt" < ${idleSince})
        and exists (select 1 from "session" n where n."accountId" = "session"."accountId"
          and (n."lastSeenAt", n."id") > ("session"."lastSeenAt", "session"."id"))`.execute(db);
    },
  };
}
