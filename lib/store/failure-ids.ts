import { sql } from 'kysely';
import { jsonColumns, jsonRows, statement } from './json-rows';
import type { NewFailure } from './new-letters';
import type { Store } from './open';

const COLUMNS = ['kind', 'key', 'label'] as const;
type Key = Pick<NewFailure, 'kind' | 'key'>;

/** Numbers of failures of a group, in their order; those that are new get one. */
export async function failureIds(
  store: Pick<Store, 'db' | 'batch'>,
  groupId: number,
  failures: readonly NewFailure[],
): Promise<number[]> {
  let ids = await known(store, groupId, failures);
  const missing = failures.filter((failure) => !ids.has(nameOf(failure)));
  if (missing.length > 0) {
    const insert = sql`insert into "letterFailure" ("groupId", ${sql.join(COLUMNS.map((name) => sql.ref(name)))})
      select ${groupId}, ${jsonColumns(COLUMNS)} from json_each(${jsonRows(missing, COLUMNS)}) where true on conflict do nothing`;
    await store.batch([statement(store.db, insert)], { isRebuilt: true });
    ids = await known(store, groupId, failures);
  }
  return failures.map((failure) => ids.get(nameOf(failure)) ?? 0);
}

const nameOf = ({ kind, key }: Key): string => `${kind} ${key}`;

async function known({ db }: Pick<Store, 'db'>, groupId: number, failures: readonly Key[]) {
  const keys = JSON.stringify(failures.map(({ key }) => key));
  const { rows } = await sql<Key & { id: number }>`
    select "id", "kind", "key" from "letterFailure"
    where "groupId" = ${groupId} and "kind" in ('property', 'shape') and "key" in (select "value" from json_each(${keys}))`.execute(
    db,
  );
  return new Map(rows.map((row) => [nameOf(row), row.id]));
}
