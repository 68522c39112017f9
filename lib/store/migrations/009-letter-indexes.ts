import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const run = (text: string) => sql.raw(text).execute(db);

  // SQLite looks a column up in the table although the index has only rows where it is null: with it among its columns an
  // index tells by itself how many letters there are. Nothing stands behind the time, so that each of them is in the order of a
  // page.
  for (const [name, columns] of [
    ['letterTime', '"storedAt"'],
    ['letterState', '"state", "storedAt"'],
    ['letterFailureTime', '"failureId", "storedAt"'],
    ['letterTag', '"tag", "storedAt"'],
    ['letterKeys', '"keys"'],
  ]) {
    await run(`drop index "${name}"`);
    await run(`create index "${name}" on "letter" ("groupId", "goneAt", ${columns}) where "goneAt" is null`);
  }
  // Most letters have no other word, and cost nothing here.
  await run(
    `create index "letterSettled" on "letter" ("groupId", "goneAt", "failureId", "state") where "goneAt" is null and "state" <> 'dead'`,
  );
  // Those that are gone are few, and looked for among all otherwise.
  await run('create index "letterGone" on "letter" ("groupId", "storedAt") where "goneAt" is not null');
  await run('create index "letterGoneAt" on "letter" ("goneAt") where "goneAt" is not null');
}
