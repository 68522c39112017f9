import type { Kysely, Migration } from 'kysely';
import * as journal from './001-journal';
import * as audit from './002-audit';
import * as samples from './003-samples';
import * as history from './004-history';
import * as letters from './005-letters';
import * as notes from './006-notes';
import * as selections from './007-selections';
import * as marks from './008-marks';
import * as letterIndexes from './009-letter-indexes';
import * as accounts from './010-accounts';
import * as auditSealed from './011-audit-sealed';
import * as oidc from './012-oidc';
import * as letterTally from './013-letter-tally';
import * as letterOrder from './014-letter-order';
import * as letterWords from './015-letter-words';

/** In order of their names; a released one is never edited. */
export const MIGRATIONS: Record<string, Migration> = {
  '001-journal': journal as { up(db: Kysely<unknown>): Promise<void> },
  '002-audit': audit as { up(db: Kysely<unknown>): Promise<void> },
  '003-samples': samples as { up(db: Kysely<unknown>): Promise<void> },
  '004-history': history as { up(db: Kysely<unknown>): Promise<void> },
  '005-letters': letters as { up(db: Kysely<unknown>): Promise<void> },
  '006-notes': notes as { up(db: Kysely<unknown>): Promise<void> },
  '007-selections': selections as { up(db: Kysely<unknown>): Promise<void> },
  '008-marks': marks as { up(db: Kysely<unknown>): Promise<void> },
  '009-letter-indexes': letterIndexes as { up(db: Kysely<unknown>): Promise<void> },
  '010-accounts': accounts as { up(db: Kysely<unknown>): Promise<void> },
  '011-audit-sealed': auditSealed as { up(db: Kysely<unknown>): Promise<void> },
  '012-oidc': oidc as { up(db: Kysely<unknown>): Promise<void> },
  '013-letter-tally': letterTally as { up(db: Kysely<unknown>): Promise<void> },
  '014-letter-order': letterOrder as { up(db: Kysely<unknown>): Promise<void> },
  '015-letter-words': letterWords as { up(db: Kysely<unknown>): Promise<void> },
};
