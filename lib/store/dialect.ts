import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely';
import { Mutex } from './mutex';
import type { BoundQuery, QueryReply, WorkerClient } from './worker-client';

/** SQLite's tables are made within transactions: all migrations are one commit, and a crash leaves none of them half done. */
class Adapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** SQLite behind worker threads: one connection that writes, handed out to one user at a time, and others that only read. */
export class WorkerDialect implements Dialect {
  readonly #driver: WorkerDriver;
  constructor(driver: WorkerDriver) {
    this.#driver = driver;
  }
  createAdapter() {
    return new Adapter();
  }
  createDriver() {
    return this.#driver;
  }
  createIntrospector(db: Kysely<unknown>) {
    return new SqliteIntrospector(db);
  }
  createQueryCompiler() {
    return new SqliteQueryCompiler();
  }
}

/** Whatever carries messages to a thread and its answers back. */
export type Carrier = Pick<WorkerClient, 'send' | 'close'>;
export type Reader = Carrier & Pick<WorkerClient, 'waiting'>;

/** One may count a million rows while somebody turns a page. */
const MOST_READERS = 2;

export class WorkerDriver implements Driver {
  readonly #writer: Carrier;
  readonly #makeReader: (() => Reader) | undefined;
  readonly #readers: Reader[] = [];
  readonly #mutex = new Mutex();

  constructor(writer: Carrier, makeReader?: () => Reader) {
    this.#writer = writer;
    this.#makeReader = makeReader;
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<WorkerConnection> {
    return new WorkerConnection(this);
  }
  async releaseConnection(connection: WorkerConnection): Promise<void> {
    if (!connection.isTransaction) return;
    connection.isTransaction = false;
    this.#mutex.unlock();
  }
  async beginTransaction(connection: WorkerConnection): Promise<void> {
    await this.#mutex.lock();
    connection.isTransaction = true;
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(connection: WorkerConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(): Promise<void> {
    await this.#writer.send({ type: 'rollback' });
  }
  async destroy(): Promise<void> {
    await this.close();
  }

  /** After the user of the moment; everybody later is told that the thread has ended. */
  async close(): Promise<void> {
    await this.#mutex.lock();
    try {
      await Promise.all(this.#readers.map((reader) => reader.close()));
      await this.#writer.close();
    } finally {
      this.#mutex.unlock();
    }
  }

  /** All of them in one commit, between two users of the connection. */
  batch(queries: readonly BoundQuery[], isRebuilt: boolean): Promise<void> {
    return this.#alone(() => this.#writer.send({ type: 'batch', queries, isRebuilt }));
  }

  /** Within a transaction on its connection. Else what reads sees all that was committed, and waits for no one who writes. */
  run(query: BoundQuery, isTransaction: boolean): Promise<QueryReply> {
    const message = { type: 'query', sql: query.sql, parameters: query.parameters } as const;
    if (isTransaction) return this.#writer.send(message);
    const reader = /^\s*select\b/i.test(query.sql) ? this.#freeReader() : null;
    return reader ? reader.send(message) : this.#alone(() => this.#writer.send(message));
  }

  async #alone<T>(work: () => Promise<T>): Promise<T> {
    await this.#mutex.lock();
    try {
      return await work();
    } finally {
      this.#mutex.unlock();
    }
  }

  /** Null while nobody would have to wait for anybody: then one thread is enough. */
  #freeReader(): Reader | null {
    if (!this.#makeReader || (this.#readers.length === 0 && !this.#mutex.isLocked)) return null;
    const idle = this.#readers.find(({ waiting }) => waiting === 0);
    if (idle) return idle;
    if (this.#readers.length < MOST_READERS) this.#readers.push(this.#makeReader());
    return this.#readers.reduce((least, each) => (each.waiting < least.waiting ? each : least));
  }
}

class WorkerConnection implements DatabaseConnection {
  isTransaction = false;
  constructor(private readonly driver: WorkerDriver) {}

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const reply = await this.driver.run({ sql, parameters }, this.isTransaction);
    return {
      rows: reply.rows as R[],
      ...(reply.changes !== undefined && { numAffectedRows: BigInt(reply.changes) }),
      ...(reply.insertId !== undefined && { insertId: BigInt(reply.insertId) }),
    };
  }

  // biome-ignore lint/correctness/useYield: Kysely's interface; pages are read by limit instead.
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('The store has no streaming: read pages.');
  }
}
