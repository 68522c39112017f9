import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sql } from 'kysely';
import { afterEach, expect, test } from 'vitest';
import { auditLine } from './server/audit-line';
import { type AuditHead, hashOf } from './store/audit-chain';
import { anAuditEntry, freshDir } from './store/fixtures';
import { openStore, type Store } from './store/open';
import { verifyTrail } from './store/verify-trail';

const ROWS = 250;
const open: Store[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

/** A trail of a console that runs, with the hand of somebody who has its file. */
async function trail(): Promise<{ dir: string; store: Store; head: AuditHead }> {
  const dir = freshDir();
  const store = await openStore({ dir });
  open.push(store);
  await store.transaction(async (tables) => {
    for (let n = 1; n <= ROWS; n++) await tables.audit.append(anAuditEntry({ at: n, requestId: `req-${n}` }));
  });
  for (const trigger of ['auditNo_update', 'auditNo_delete', 'auditAtEnd'])
    await sql.raw(`drop trigger "${trigger}"`).execute(store.db);
  return { dir, store, head: await store.audit.head() };
}

const verify = (...words: string[]) => verifyTrail(words);

test('C29 a whole trail is told to be whole, beside the console that goes on writing it', async () => {
  const { dir, store, head } = await trail();
  const checked = await verify('--dir', dir, '--head', `${head.seq}:${head.hash}`);
  expect(checked).toEqual({ code: 0, said: expect.stringContaining(`${ROWS} entries, head ${head.seq}:${head.hash}`) });
  expect((await store.audit.append(anAuditEntry())).seq).toBe(ROWS + 1);
});

test('C29 a changed value, a deleted row and deleted newest rows are each named exactly', async () => {
  const { dir, store, head } = await trail();
  const row = await store.db.selectFrom('audit').selectAll().where('seq', '=', 117).executeTakeFirstOrThrow();
  await store.db.updateTable('audit').set({ outcome: 'denied' }).where('seq', '=', 117).execute();
  expect(await verify('--dir', dir)).toEqual({ code: 1, said: 'Entry 117 is not as it was written.' });

  await store.db.deleteFrom('audit').where('seq', '=', 117).execute();
  expect(await verify('--dir', dir)).toEqual({ code: 1, said: expect.stringMatching(/^Entry 117 is missing/) });

  await store.db.insertInto('audit').values(row).execute();
  await store.db
    .deleteFrom('audit')
    .where('seq', '>', ROWS - 2)
    .execute();
  expect((await verify('--dir', dir)).code, 'nobody has seen the end').toBe(0);
  const cut = { code: 1, said: expect.stringMatching(new RegExp(`^Entry ${ROWS - 1} and all after it are missing`)) };
  expect(await verify('--dir', dir, '--head', `${head.seq}:${head.hash}`)).toEqual(cut);

  const log = path.join(dir, 'console.log');
  const heads = [
    { level: 30, msg: 'job ended' },
    { level: 30, auditSeq: head.seq, auditHash: head.hash, msg: 'audit head' },
  ];
  writeFileSync(log, `not JSON\n${heads.map((line) => JSON.stringify(line)).join('\n')}\n{"auditHash":"cut`);
  expect(await verify('--dir', dir, '--log', log), 'the head that is written to the log each minute').toEqual(cut);

  await store.audit.moveFeed('stdout', head);
  expect(await verify('--dir', dir), 'what collectors were told').toEqual(cut);
});

test('C29 a chain that was hashed anew fits, and is found by what collectors keep', async () => {
  const { dir, store } = await trail();
  const rows = await store.db.selectFrom('audit').selectAll().orderBy('seq').execute();
  const log = path.join(dir, 'collected.jsonl');
  writeFileSync(log, rows.map((row) => JSON.stringify(auditLine(row))).join('\n'));
  let prevHash = rows[98]?.hash ?? '';
  for (const row of rows.slice(99)) {
    const { hash: _, ...changed } = { ...row, prevHash, ...(row.seq === 100 && { actorId: 'somebody-else' }) };
    prevHash = hashOf(changed);
    await store.db
      .updateTable('audit')
      .set({ ...changed, hash: prevHash })
      .where('seq', '=', row.seq)
      .execute();
  }
  expect((await verify('--dir', dir)).code, 'by itself it fits').toBe(0);
  expect(await verify('--dir', dir, '--log', log)).toEqual({
    code: 1,
    said: expect.stringContaining('entry 100 was changed, and what follows was hashed again'),
  });
});

test('what cannot be read is neither whole nor broken', async () => {
  const dir = freshDir();
  expect(await verify('--dir', dir)).toEqual({ code: 2, said: expect.stringContaining('There is no store in') });
  expect(await verify('--dir', dir, '--head', '7')).toEqual({
    code: 2,
    said: expect.stringContaining('--head 7 is not'),
  });
  writeFileSync(
    path.join(dir, 'redrive.db'),
    'no database at all, but long enough to be taken for the header of one'.repeat(20),
  );
  expect((await verify('--dir', dir)).code).toBe(2);
});

test('npm run audit:verify says the sentence and ends with its code', async () => {
  const { dir, store } = await trail();
  const run = async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'lib/verify-audit.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, REDRIVE_DATA_DIR: dir },
    });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    const [code] = await once(child, 'close');
    return { code, said };
  };
  await store.db.deleteFrom('audit').where('seq', '=', 3).execute();
  expect(await run()).toEqual({ code: 1, said: expect.stringMatching(/^Entry 3 is missing: .*\n$/) });
}, 60_000);
