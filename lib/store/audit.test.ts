import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { type AuditHead, hashOf } from './audit-chain';
import { makeEarlierStore } from './earlier-release.fixture';
import { anAuditEntry, freshDir } from './fixtures';
import { openStore, type Store } from './open';

const open: { close(): Promise<void> }[] = [];
async function opened(dir = freshDir()): Promise<Store> {
  const store = await openStore({ dir });
  open.push(store);
  return store;
}
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

/** What somebody does first who has the file and wants to change the past. */
async function unseal({ db }: Store): Promise<void> {
  for (const trigger of ['auditNo_update', 'auditNo_delete', 'auditAtEnd'])
    await sql.raw(`drop trigger "${trigger}"`).execute(db);
}
const known = ({ seq, hash }: AuditHead) => new Map([[seq, hash]]);

test('C29 2,000 appended rows are an intact chain; a change, a gap and a cut end are named exactly', async () => {
  const store = await opened();
  await Promise.all(Array.from({ length: 20 }, () => store.audit.append(anAuditEntry({ paramsJson: '{"a":1}' }))));
  await store.transaction(async (tables) => {
    for (let n = 20; n < 2000; n++) await tables.audit.append(anAuditEntry({ at: n }));
  });
  const head = await store.audit.head();
  expect(await store.audit.verify(known(head))).toEqual({ isIntact: true, rows: 2000, head });
  await unseal(store);

  const row = await store.db.selectFrom('audit').selectAll().where('seq', '=', 777).executeTakeFirstOrThrow();
  await store.db.updateTable('audit').set({ outcome: 'denied' }).where('seq', '=', 777).execute();
  expect(await store.audit.verify()).toEqual({ isIntact: false, rows: 776, seq: 777, problem: 'CHANGED' });
  await store.db.deleteFrom('audit').where('seq', '=', 777).execute();
  expect(await store.audit.verify()).toEqual({ isIntact: false, rows: 776, seq: 777, problem: 'MISSING' });
  await store.db.insertInto('audit').values(row).execute();
  expect(await store.audit.verify()).toMatchObject({ isIntact: true });

  await store.db.deleteFrom('audit').where('seq', '>', 1998).execute();
  expect(await store.audit.verify()).toMatchObject({ isIntact: true, rows: 1998 });
  expect(await store.audit.verify(known(head))).toEqual({
    isIntact: false,
    rows: 1998,
    seq: 1999,
    problem: 'TAIL_MISSING',
  });
}, 30_000);

test('C29 who changes a row and its hash is given away by the next row, and named', async () => {
  const store = await opened();
  for (let n = 0; n < 5; n++) await store.audit.append(anAuditEntry({ at: n }));
  await unseal(store);
  const { hash: _, ...row } = { ...(await store.audit.get(3)), actorName: 'Nobody' } as never as Parameters<
    typeof hashOf
  >[0] & { hash: string };
  await store.db
    .updateTable('audit')
    .set({ ...row, hash: hashOf(row) })
    .where('seq', '=', 3)
    .execute();
  expect(await store.audit.verify()).toMatchObject({ isIntact: false, seq: 3, problem: 'CHANGED' });
});

test.each(['authMethod', 'sessionHash', 'actorRole', 'ip', 'error'] as const)(
  'C29 %s is under the hash',
  async (column) => {
    const store = await opened();
    for (let n = 0; n < 3; n++) await store.audit.append(anAuditEntry({ authMethod: 'oidc', sessionHash: 'ab' }));
    await unseal(store);
    for (const value of ['forged', null]) {
      if (value === null && column === 'actorRole') continue;
      await sql`update "audit" set ${sql.ref(column)} = ${value} where "seq" = 2`.execute(store.db);
      const [before] = (await store.audit.list({ limit: 1 })).map((row) => row[column]);
      const verdict = await store.audit.verify();
      if (before === value) expect(verdict.isIntact).toBe(true);
      else expect(verdict).toMatchObject({ isIntact: false, seq: 2, problem: 'CHANGED' });
    }
  },
);

test('the database itself refuses to change, remove, replace or skip a row', async () => {
  const { db, audit } = await opened();
  for (let n = 0; n < 2; n++) await audit.append(anAuditEntry());
  const row = await audit.get(1);
  if (!row) throw new Error('gone');
  const replace = sql`insert or replace into "audit" select * from "audit" where "seq" = 1`;
  for (const act of [
    () => db.updateTable('audit').set({ actorId: 'x' }).execute(),
    () => db.deleteFrom('audit').where('seq', '=', 2).execute(),
    () => replace.execute(db),
    () =>
      db
        .insertInto('audit')
        .values({ ...row, seq: 9 })
        .execute(),
  ])
    await expect(act()).rejects.toMatchObject({ message: expect.stringMatching(/append-only|at its end only/) });
  expect(await audit.verify()).toMatchObject({ isIntact: true, rows: 2 });
});

test('a chain that an earlier release began goes on, and its rows keep their hashes', async () => {
  const dir = freshDir();
  await makeEarlierStore(dir, '010', (db) =>
    db
      .insertInto('audit')
      .values(OF_AN_EARLIER_RELEASE as never)
      .execute(),
  );
  const store = await opened(dir);
  const head = await store.audit.append(anAuditEntry({ authMethod: 'password', sessionHash: 'cd34' }));
  expect(await store.audit.verify()).toEqual({ isIntact: true, rows: 4, head });
});

const LOCAL = {
  actorId: 'local',
  actorName: 'local operator',
  actorRole: 'admin',
  ip: '127.0.0.1',
  operationId: '01A',
  cluster: 'demo',
  action: 'offsets.reset',
  resourceType: 'group',
  resourceName: 'orders',
  error: null,
};
/** Written by the code before the columns of migration 011. */
const OF_AN_EARLIER_RELEASE = [
  {
    ...LOCAL,
    seq: 1,
    prevHash: '0'.repeat(64),
    hash: 'a5aa1f3870e0b8cd1cdccfc42ddd58243dbd721e2f2330b92c31187a4a7d47e2',
    at: 1_700_000_000_000,
    requestId: 'req-1',
    paramsJson: '{"group":"orders","reason":"replay"}',
    previewHash: 'ab12',
    phase: 'intent',
    outcome: 'allowed',
    countsJson: null,
  },
  {
    ...LOCAL,
    seq: 2,
    prevHash: 'a5aa1f3870e0b8cd1cdccfc42ddd58243dbd721e2f2330b92c31187a4a7d47e2',
    hash: '1b6c1171d1862f612b572861a58ea4a5e70043152b3ed6ede47c46a19d04b9a7',
    at: 1_700_000_001_000,
    requestId: 'job-01A',
    paramsJson: null,
    previewHash: null,
    phase: 'result',
    outcome: 'success',
    countsJson: '{"APPLIED":4}',
  },
  {
    ...LOCAL,
    seq: 3,
    prevHash: '1b6c1171d1862f612b572861a58ea4a5e70043152b3ed6ede47c46a19d04b9a7',
    hash: '74b48444f482cdec0974e0d5e9b1084791ff88dd65e33a31338155b842b00592',
    at: 1_700_000_002_000,
    actorId: 'v',
    actorName: 'V',
    actorRole: 'viewer',
    ip: null,
    requestId: null,
    operationId: null,
    cluster: null,
    action: 'dead-letters.purge',
    paramsJson: null,
    previewHash: null,
    phase: 'intent',
    outcome: 'denied',
    countsJson: null,
  },
];
