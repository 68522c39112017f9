import type { Kysely, Selectable } from 'kysely';
import type { AccountTable } from './accounts-schema';
import type { Schema } from './schema';

export type Account = Selectable<AccountTable>;

/** Names are found in any spelling of upper and lower case. */
export const nameKeyOf = (name: string): string => name.normalize('NFC').toLowerCase();

export function accounts(db: Kysely<Schema>) {
  const one = () => db.selectFrom('account').selectAll();
  return {
    /** `StoreError` CONSTRAINT when the name is taken. */
    async insert(account: Account): Promise<void> {
      await db.insertInto('account').values(account).execute();
    },
    get: (id: string): Promise<Account | undefined> => one().where('id', '=', id).executeTakeFirst(),
    byName: (name: string): Promise<Account | undefined> =>
      one().where('nameKey', '=', nameKeyOf(name)).executeTakeFirst(),
    bySubject: (subject: string): Promise<Account | undefined> =>
      one().where('subject', '=', subject).executeTakeFirst(),
    list: (): Promise<Account[]> => one().orderBy('nameKey').execute(),
    async update(id: string, patch: Partial<Omit<Account, 'id'>>): Promise<void> {
      await db.updateTable('account').set(patch).where('id', '=', id).execute();
    },
    /** Whether anybody can sign in with a password. */
    async hasLocal(): Promise<boolean> {
      const first = db.selectFrom('account').select('id').where('subject', 'is', null).limit(1);
      return (await first.executeTakeFirst()) !== undefined;
    },
  };
}
