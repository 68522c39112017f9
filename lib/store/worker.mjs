// The only place that touches libSQL: it is synchronous, and must never block the event loop.
// Plain JavaScript, started by path, so that no bundler has to know it.
import { rmSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'libsql';

const STATEMENT_CACHE = 200;
const statements = new Map();
let database;
let lock;

function open() {
  if (workerData.isReader) {
    database = new Database(workerData.file);
    database.exec('pragma query_only=on');
    database.exec('pragma busy_timeout=5000');
    return;
  }
  // A second, empty database held exclusively is the lock: the operating system releases it with the
  // process, so neither a crash nor a reused process id can leave it stale.
  lock = new Database(workerData.lockFile);
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    error.isLock = /BUSY|LOCKED/.test(error.code ?? '') || /locked/.test(error.message);
    throw error;
  }
  database = new Database(workerData.file);
  database.exec('pragma journal_mode=wal');
  database.exec('pragma synchronous=full');
  database.exec('pragma foreign_keys=on');
  // Whoever looks at the file beside us, such as audit:verify, may hold a lock for a moment.
  database.exec('pragma busy_timeout=250');
  // Pages of an index that a long reading fills again and again are written back once in a while, not at each commit.
  database.exec('pragma wal_autocheckpoint=4000');
  database.exec('pragma cache_size=-16384');
  if (workerData.maxPages) database.exec(`pragma max_page_count=${workerData.maxPages}`);
  database.prepare('select count(*) from sqlite_master').all([]);
}

function prepare(sql) {
  let statement = statements.get(sql);
  if (statement) statements.delete(sql);
  else statement = database.prepare(sql);
  statements.set(sql, statement);
  if (statements.size > STATEMENT_CACHE) statements.delete(statements.keys().next().value);
  return statement;
}

// libSQL binds a number as REAL, and aborts the process on a boolean or undefined.
function bindable(value) {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'string' || typeof value === 'bigint') return value;
  if (value instanceof Uint8Array) return Buffer.from(value);
  throw new TypeError(`a ${typeof value} cannot be bound`);
}

const OF_TRANSACTION = /^\s*(?:begin|commit|rollback)\b/i;
const WRITES = /^\s*(?:insert|update|delete|replace|with)\b/i;

/**
 * A prepared statement that has met somebody else's lock stays under way, and nothing can be committed while it is. So
 * only what is forgotten at once asks for the lock: a write outside of a transaction gets one of its own.
 */
function run(query) {
  if (!database) open();
  const { sql } = query;
  if (OF_TRANSACTION.test(sql)) {
    database.exec(sql);
    return { rows: [] };
  }
  return WRITES.test(sql) && !workerData.isReader && !database.inTransaction
    ? inTransaction(() => execute(query))
    : execute(query);
}

function execute({ sql, parameters }) {
  const values = parameters.map(bindable);
  const statement = prepare(sql);
  if (statement.reader) return { rows: statement.all(values) };
  const info = statement.run(values);
  return { rows: [], changes: info.changes, insertId: info.lastInsertRowid };
}

/** A statement for each row would cost as much as the row. */
const ROWS_AT_ONCE = 128;

/** `parameters` are the same in all rows, and bound once for some of them. */
function insertColumns({ sql, parameters, byColumn: columns }) {
  const same = parameters.map(bindable);
  const count = columns[0].length;
  const textOf = (rows) => {
    let next = same.length;
    const row = () => [...same.map((_, at) => `?${at + 1}`), ...columns.map(() => `?${++next}`)].join(',');
    return `${sql} values ${Array.from({ length: rows }, () => `(${row()})`).join(',')}`;
  };
  const [many, one] = [textOf(ROWS_AT_ONCE), textOf(1)];
  for (let from = 0; from < count; ) {
    const to = count - from < ROWS_AT_ONCE ? from + 1 : from + ROWS_AT_ONCE;
    const values = same.slice();
    // A number is bound as it is: the affinity of its column makes an integer of it.
    for (let at = from; at < to; at++) for (const column of columns) values.push(column[at]);
    prepare(to - from === 1 ? one : many).run(values);
    from = to;
  }
}

/** The next commit that waits for the disk takes those before it along. */
function batch({ queries, isRebuilt }) {
  if (isRebuilt) database.exec('pragma synchronous=normal');
  try {
    inTransaction(() => {
      for (const query of queries) {
        if (query.byColumn) insertColumns(query);
        else if (execute(query).rows.length > 0 && query.isGuard) return rollback();
      }
    });
  } finally {
    if (isRebuilt) database.exec('pragma synchronous=full');
  }
}

function inTransaction(work) {
  database.exec('begin immediate');
  try {
    const result = work();
    if (database.inTransaction) database.exec('commit');
    return result;
  } catch (error) {
    rollback();
    throw error;
  }
}

function rollback() {
  // SQLite has rolled back by itself after SQLITE_FULL and SQLITE_IOERR.
  if (database.inTransaction) database.exec('rollback');
}

function close() {
  statements.clear();
  database?.close();
  lock?.close();
  if (workerData.ownerFile) rmSync(workerData.ownerFile, { force: true });
}

function answer(message) {
  switch (message.type) {
    case 'open':
      return open();
    case 'query':
      return run(message);
    case 'batch':
      return batch(message);
    case 'rollback':
      return rollback();
    case 'close':
      return close();
  }
}

parentPort.on('message', (message) => {
  let reply;
  try {
    reply = { id: message.id, result: answer(message) };
  } catch (error) {
    reply = {
      id: message.id,
      failure: { code: error?.code, message: String(error?.message ?? error), isLock: error?.isLock === true },
    };
  }
  parentPort.postMessage(reply);
  if (message.type === 'close') parentPort.close();
});
