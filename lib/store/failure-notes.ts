import type { Insertable, Kysely, Selectable } from 'kysely';
import type { FailureNoteTable } from './letters-schema';
import type { Schema } from './schema';

export type FailureNote = Selectable<FailureNoteTable>;

/** What people wrote about failures. */
export function failureNotes(db: Kysely<Schema>) {
  return {
    ofGroup(cluster: string, group: string): Promise<FailureNote[]> {
      return db
        .selectFrom('failureNote')
        .selectAll()
        .where('cluster', '=', cluster)
        .where('group', '=', group)
        .execute();
    },
    /** Replaces the note there was; an empty one takes it away. */
    async put(note: Insertable<FailureNoteTable>): Promise<void> {
      const { cluster, group, kind, key, text, writtenBy, writtenAt } = note;
      if (text === '') {
        await db
          .deleteFrom('failureNote')
          .where('cluster', '=', cluster)
          .where('group', '=', group)
          .where('kind', '=', kind)
          .where('key', '=', key)
          .execute();
        return;
      }
      await db
        .insertInto('failureNote')
        .values(note)
        .onConflict((conflict) =>
          conflict.columns(['cluster', 'group', 'kind', 'key']).doUpdateSet({ text, writtenBy, writtenAt }),
        )
        .execute();
    },
  };
}
