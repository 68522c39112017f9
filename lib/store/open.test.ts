import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { type RawBuilder, sql } from 'kysely';
import Database from 'libsql';
import { afterEach, expect, test } from 'vitest';
import { anAuditEntry, anOperation, freshDir } from './fixtures';
import { openStore, type Store } from './open';

const open: Store[] = [];
async function opened(dir = freshDir(), maxPages?: number): Promise<Store> {
  const store = await openStore({ dir, ...(maxPages && { maxPages }) });
  open.push(store);
  return store;
}
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

/** A process that opens the store, says READY, then appends to the audit trail and says each seq once it is durable. */
function child(dir: string) {
  const script = `
    import { openStore } from '${path.resolve('lib/store/open.ts')}';
    import { anAuditEntry } from '${path.resolve('lib/store/fixtures.ts')}';
    const store = await openStore({ dir: ${JSON.stringify(dir)} }).catch((error) => { console.log(error.code + ' ' + error.message); process.exit(3); });
    console.log('READY');
    for (;;) console.log((await store.audit.append(anAuditEntry())).seq);`;
  const file = path.join(freshDir(), 'child.mts');
  writeFileSync(file, script);
  return spawn(process.execPath, ['--import', 'tsx', file], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function lineWhere(process: ReturnType<typeof child>, matches: (line: string) => boolean): Promise<string> {
  for await (const line of createInterface({ input: process.stdout })) if (matches(line)) return line;
  throw new Error('the child ended early');
}

test('migrates an empty directory, and opens again as it was', async () => {
  const dir = freshDir();
  const store = await openStore({ dir });
  await store.operations.insert(anOperation('a'));
  const pragmas = await sql<{ journal_mode: string }>`pragma journal_mode`.execute(store.db);
  const synchronous = await sql<{ synchronous: number }>`pragma synchronous`.execute(store.db);
  expect([pragmas.rows[0]?.journal_mode, synchronous.rows[0]?.synchronous]).toEqual(['wal', 2]);
  await store.close();
  const again = await opened(dir);
  expect(await again.operations.get('a')).toEqual(anOperation('a'));
});

test('integers stay integers in the file, booleans and undefined do not abort', async () => {
  const { db } = await opened();
  const { rows } =
    await sql`select typeof(${Number.MAX_SAFE_INTEGER}) as big, typeof(${true}) as flag, typeof(${undefined}) as missing`.execute(
      db,
    );
  expect(rows).toEqual([{ big: 'integer', flag: 'integer', missing: 'null' }]);
});

test('a second open of the same directory is refused with the owner named', async () => {
  const dir = freshDir();
  await opened(dir);
  await expect(openStore({ dir })).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining(`process ${process.pid}`),
  });
});

test('who reads sees what is committed, and waits for no transaction', async () => {
  const store = await opened();
  await store.operations.insert(ended('a'));
  const halfWay = deferred();
  const seen = deferred();
  const writing = store.transaction(async (tables) => {
    await tables.operations.insert(ended('b'));
    expect((await tables.operations.get('b'))?.id).toBe('b');
    halfWay.resolve();
    await seen.promise;
  });
  await halfWay.promise;
  expect(await Promise.all([store.operations.get('a'), store.operations.get('b')])).toEqual([ended('a'), undefined]);
  seen.resolve();
  await writing;
  expect(await store.operations.get('b')).toEqual(ended('b'));
});

test('a transaction that fails leaves nothing, and the next one runs', async () => {
  const store = await opened();
  const failing = store.transaction(async (tables) => {
    await tables.operations.insert(ended('a'));
    throw new Error('no');
  });
  const next = store.transaction((tables) => tables.operations.insert(ended('b')));
  await expect(failing).rejects.toThrow('no');
  await next;
  expect(await Promise.all([store.operations.get('a'), store.operations.get('b')])).toEqual([undefined, ended('b')]);
});

const ended = (id: string) => anOperation(id, { state: 'DONE' });

function deferred() {
  let resolve = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

test('another process is refused, and takes over once the owner was killed; every acknowledged row is there', async () => {
  const dir = freshDir();
  const owner = child(dir);
  await lineWhere(owner, (line) => line === 'READY');
  await expect(openStore({ dir })).rejects.toMatchObject({
    code: 'LOCKED',
    message: expect.stringContaining(`process ${owner.pid}`),
  });

  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: owner.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length === 300) break;
  }
  const gone = once(owner, 'exit');
  owner.kill('SIGKILL');
  await gone;

  const store = await opened(dir);
  const verdict = await store.audit.verify();
  expect(verdict.isIntact && verdict.rows).toBeGreaterThanOrEqual(acknowledged.at(-1) ?? 0);
  expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(store.db)).rows).toEqual([
    { integrity_check: 'ok' },
  ]);
}, 30_000);

test('a journal that a loss of power has cut off anywhere opens with what was committed before, in order', async () => {
  const dir = freshDir();
  await (await openStore({ dir })).close();
  const store = await opened(dir);
  const ids = Array.from({ length: 20 }, (_, n) => `op-${String(n).padStart(2, '0')}`);
  for (const id of ids) await store.operations.insert(anOperation(id, { group: null }));
  const bytes = statSync(path.join(dir, 'redrive.db-wal')).size;
  const found: number[] = [];
  // Another place in another frame each time.
  for (let at = bytes; at > 0; at -= Math.floor(bytes / 6) + 1234) {
    const copy = freshDir();
    for (const file of ['redrive.db', 'redrive.db-wal']) cpSync(path.join(dir, file), path.join(copy, file));
    truncateSync(path.join(copy, 'redrive.db-wal'), at);
    const cut = await opened(copy);
    const kept = (await cut.operations.listActive()).map(({ id }) => id);
    expect(kept).toEqual(ids.slice(0, kept.length));
    expect((await sql<{ integrity_check: string }>`pragma integrity_check`.execute(cut.db)).rows).toEqual([
      { integrity_check: 'ok' },
    ]);
    found.push(kept.length);
  }
  expect(found[0]).toBe(20);
  expect(new Set(found).size).toBeGreaterThan(3);
});

test('a damaged file is refused as CORRUPT and left as it is', async () => {
  const dir = freshDir();
  const file = path.join(dir, 'redrive.db');
  writeFileSync(file, 'not a database '.repeat(1000));
  await expect(openStore({ dir })).rejects.toMatchObject({ code: 'CORRUPT' });
  expect(readFileSync(file, 'utf8')).toContain('not a database');
});

test('a full store says UNAVAILABLE, commits nothing of the batch, and goes on reading', async () => {
  const store = await opened(freshDir(), 90);
  await store.operations.insert(anOperation('a'));
  const big = (id: string) =>
    store.db.insertInto('operation').values(anOperation(id, { group: null, resultJson: 'x'.repeat(200_000) }));
  await expect(store.batch([big('b'), big('c')])).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    sqliteCode: expect.stringContaining('FULL'),
  });
  await expect(
    store.transaction(async (tables) => {
      await tables.audit.append(anAuditEntry());
      await tables.operations.insert(anOperation('d', { group: null, resultJson: 'x'.repeat(400_000) }));
    }),
  ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  expect((await store.operations.listActive()).map(({ id }) => id)).toEqual(['a']);
  expect(await store.audit.head()).toMatchObject({ seq: 0 });
});

test('the event loop stays free while a heavy query runs', async () => {
  const { db } = await opened();
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begun = performance.now();
  const { rows } = await sql<{ n: number }>`
    with recursive c(n) as (select 1 union all select n + 1 from c where n < 3000000) select sum(n * 2) as n from c`.execute(
    db,
  );
  const tookMs = performance.now() - begun;
  delay.disable();
  expect(rows[0]?.n).toBe(9_000_003_000_000);
  expect(delay.max / 1e6).toBeLessThan(Math.max(60, tookMs / 3));
});

test('transactions of several users do not mix', async () => {
  const store = await opened();
  const failing = store.transaction(async (tables) => {
    await tables.operations.insert(anOperation('x', { group: null }));
    throw new Error('no');
  });
  const others = Promise.all([1, 2, 3].map((n) => store.operations.insert(anOperation(`o${n}`, { group: null }))));
  await expect(failing).rejects.toThrow('no');
  await others;
  expect((await store.operations.listActive()).map(({ id }) => id)).toEqual(['o1', 'o2', 'o3']);
});

test('the owner note goes away with the store', async () => {
  const dir = freshDir();
  const store = await openStore({ dir });
  expect(existsSync(path.join(dir, 'redrive.owner.json'))).toBe(true);
  await store.close();
  expect(existsSync(path.join(dir, 'redrive.owner.json'))).toBe(false);
});

test('what could not be written while somebody else held a lock keeps nothing from being written afterwards', async () => {
  const dir = freshDir();
  const store = await opened(dir);
  const other = new Database(path.join(dir, 'redrive.db'));
  const write = () => store.operations.insert(anOperation('alone'));
  const begin = () => store.transaction(({ operations }) => operations.insert(anOperation('in one')));
  const batch = () => store.batch([store.db.deleteFrom('operation').where('id', '=', 'none')]);
  for (const refused of [write, begin, batch]) {
    other.exec('begin immediate');
    await expect(refused()).rejects.toMatchObject({ code: 'UNAVAILABLE', sqliteCode: 'SQLITE_BUSY' });
    other.exec('rollback');
    for (const later of [batch, () => store.audit.append(anAuditEntry()), begin, batch, write]) {
      await later();
      await store.batch([store.db.deleteFrom('operation')]);
    }
  }
  other.close();
});

test('only what is read again anyway is committed without waiting for the disk', async () => {
  const store = await opened();
  const does = (query: RawBuilder<unknown>) => ({ compile: () => query.compile(store.db) });
  const isNotWaiting = does(sql`select 1 from "pragma_synchronous" where "synchronous" = 1`);
  /** Writes nothing where it would not wait. */
  const write = async (name: string, isRebuilt: boolean) => {
    const insert = does(sql`insert into "letterGroup" ("cluster", "name") values ('c', ${name})`);
    await store.batch([{ ...isNotWaiting, isGuard: true }, insert], { isRebuilt });
    return (await store.db.selectFrom('letterGroup').select('name').execute()).map((row) => row.name);
  };
  expect(await write('rebuilt', true)).toEqual([]);
  expect(await write('lasting', false)).toEqual(['lasting']);
  const broken = does(sql`insert into "nothing" values (1)`);
  await expect(store.batch([broken], { isRebuilt: true })).rejects.toThrow(/nothing/);
  const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(store.db);
  expect(rows).toEqual([{ synchronous: 2 }]);
});
