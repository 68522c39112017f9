import type { Kysely, Selectable } from 'kysely';
import type { ApiTokenTable } from './accounts-schema';
import type { Schema } from './schema';

export type ApiToken = Selectable<ApiTokenTable>;

export function apiTokens(db: Kysely<Schema>) {
  return {
    async insert(token: ApiToken): Promise<void> {
      await db.insertInto('apiToken').values(token).execute();
    },
    byHash(tokenHash: string): Promise<ApiToken | undefined> {
      return db.selectFrom('apiToken').selectAll().where('tokenHash', '=', tokenHash).executeTakeFirst();
    },
    ofAccount(accountId: string): Promise<ApiToken[]> {
      return db
        .selectFrom('apiToken')
        .selectAll()
        .where('accountId', '=', accountId)
        .orderBy('createdAt', 'desc')
        .execute();
    },
    async used(id: string, at: number): Promise<void> {
      await db.updateTable('apiToken').set({ lastUsedAt: at }).where('id', '=', id).execute();
    },
    /** Answers whether the account had it. */
    async remove(accountId: string, id: string): Promise<boolean> {
      const { numDeletedRows } = await db
        .deleteFrom('apiToken')
        .where('accountId', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    },
    async removeOfAccount(accountId: string): Promise<void> {
      await db.deleteFrom('apiToken').where('accountId', '=', accountId).execute();
    },
  };
}
