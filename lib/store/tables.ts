import type { Kysely } from 'kysely';
import { accounts } from './accounts';
import { apiTokens } from './api-tokens';
import { attempts } from './attempts';
import { audit } from './audit';
import { failureNotes } from './failure-notes';
import { handled } from './handled';
import { history } from './history';
import { items } from './items';
import { letters } from './letters';
import { operations } from './operations';
import { plans } from './plans';
import { resetQueues } from './reset-queues';
import { samples } from './samples';
import type { Schema } from './schema';
import { selections } from './selections';
import { sessions } from './sessions';

/** The table families over one connection or one transaction. */
export function tablesOver(db: Kysely<Schema>) {
  return {
    db,
    plans: plans(db),
    operations: operations(db),
    items: items(db),
    attempts: attempts(db),
    resetQueues: resetQueues(db),
    handled: handled(db),
    audit: audit(db),
    samples: samples(db),
    history: history(db),
    letters: letters(db),
    failureNotes: failureNotes(db),
    selections: selections(db),
    accounts: accounts(db),
    sessions: sessions(db),
    apiTokens: apiTokens(db),
  };
}
export type StoreTables = ReturnType<typeof tablesOver>;
