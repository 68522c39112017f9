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

/** SQLite behind a worker thread: one connection, handed out to one user at a time. */
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

/** Whatever carries messages to the thread and its answers back. */
export type Carrier = Pick<WorkerClient, 'send' | 'close'>;

export class WorkerDriver implements Driver {
  readonly #worker: Carrier;
  readonly #connection: WorkerConnection;
  readonly #mutex = new Mutex();

  constructor(worker: Carrier) {
    this.#worker = worker;
    this.#connection = new WorkerConnection(worker);
  }
  async init(): Promise<void> {}
  async acquireConnection(): Promise<DatabaseConnection> {
    await this.#mutex.lock();
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {
    this.#mutex.unlock();
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }
  async rollbackTransaction(): Promise<void> {
    await this.#worker.send({ type: 'rollback' });
  }
  async destroy(): Promise<void> {
    await this.close();
  }

  /** After the user of the moment; everybody later is told that the thread has ended. */
  async close(): Promise<void> {
    await this.#mutex.lock();
    try {
      await this.#worker.close();
    } finally {
      this.#mutex.unlock();
    }
  }

  /** All of them in one commit, between two users of the connection. */
  async batch(queries: readonly BoundQuery[]): Promise<void> {
    await this.#mutex.lock();
    try {
      await this.#worker.send({ type: 'batch', queries });
    } finally {
      this.#mutex.unlock();
    }
  }
}

class WorkerConnection implements DatabaseConnection {
  constructor(private readonly worker: Carrier) {}

  async executeQuery<R>({ sql, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    const reply = await this.worker.send<QueryReply>({ type: 'query', sql, parameters });
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
