import path from 'node:path';
import type { Attempt } from '@/lib/store/attempts';
import { freshDir } from '@/lib/store/fixtures';
import type { Item } from '@/lib/store/items';
import { openStore, type Store, storeOver } from '@/lib/store/open';
import { type QueryReply, WorkerClient } from '@/lib/store/worker-client';

/** One run of the console between its start and its end by `kill -9`: afterwards nothing it began goes on. */
export class Life {
  isOver = false;
  readonly #died: Promise<'killed'>;
  #die: (how: 'killed') => void = () => {};

  constructor() {
    this.#died = new Promise((resolve) => {
      this.#die = resolve;
    });
  }

  kill(): void {
    this.isOver = true;
    this.#die('killed');
  }

  /** What comes back to it, as long as there is somebody to come back to. */
  async still<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      if (this.isOver) await new Promise(() => {});
    }
  }

  orKilled<T>(work: Promise<T>): Promise<T | 'killed'> {
    return Promise.race([work, this.#died]);
  }
}

/** What stands in the file: committed, as another connection sees it. */
export interface Journal {
  items: ReadonlyMap<number, Pick<Item, 'n' | 'state' | 'terminalReason'>>;
  attempts: readonly Attempt[];
}

type Request = Parameters<WorkerClient['send']>[0];
const IS_READ = /^\s*(select|begin)/i;

/**
 * The store's file and its thread, which outlive the lives that use them. A second connection reads after every commit what
 * is durable, before whoever committed is told.
 */
export class JournalFile {
  /** Called around every message to the thread: where a life may end. */
  onStep: () => void = () => {};
  onCommit: (journal: Journal) => void = () => {};
  /** Whose rows are looked at. */
  cluster = '';
  journal: Journal = { items: new Map(), attempts: [] };
  #pending: Promise<unknown> = Promise.resolve();
  #open = 0;
  #isWithin = false;

  private constructor(
    private readonly thread: WorkerClient,
    private readonly observer: WorkerClient,
  ) {}

  static async open(): Promise<JournalFile> {
    const dir = freshDir();
    await (await openStore({ dir })).close();
    const [thread, observer] = ['redrive.lock', 'observer.lock'].map(
      (lock) => new WorkerClient({ file: path.join(dir, 'redrive.db'), lockFile: path.join(dir, lock) }),
    ) as [WorkerClient, WorkerClient];
    await thread.send({ type: 'open' });
    await observer.send({ type: 'open' });
    // Lives end here without the machine losing its power.
    await thread.send({ type: 'query', sql: 'pragma synchronous=off', parameters: [] });
    return new JournalFile(thread, observer);
  }

  async close(): Promise<void> {
    await this.thread.close();
    await this.observer.close();
  }

  /** For one life; what the one before had begun and not committed is gone. */
  async storeOf(life: Life): Promise<Store> {
    await this.thread.send({ type: 'rollback' });
    this.#isWithin = false;
    const send = <T>(request: Request): Promise<T> => life.still(this.#inTurn(() => this.#carry(life, request)));
    return storeOver({ send, close: async () => {} });
  }

  /** False when nothing was under way. */
  readonly quiet = async (): Promise<boolean> => {
    const isBusy = this.#open > 0;
    while (this.#open > 0) await this.#pending;
    return isBusy;
  };

  /** Another cluster's rows from now on. */
  async lookAt(cluster: string): Promise<void> {
    this.cluster = cluster;
    await this.#look();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#open += 1;
    const done = this.#pending.then(work).finally(() => {
      this.#open -= 1;
    });
    this.#pending = done.catch(() => {});
    return done;
  }

  async #carry<T>(life: Life, request: Request): Promise<T> {
    if (!life.isOver) this.onStep();
    if (life.isOver) return undefined as T;
    const reply = await this.thread.send<T>(request);
    if (request.type === 'query' && request.sql.startsWith('begin')) this.#isWithin = true;
    if (request.type === 'rollback' || (request.type === 'query' && request.sql === 'commit')) this.#isWithin = false;
    if (!this.#isWithin && (request.type === 'batch' || (request.type === 'query' && !IS_READ.test(request.sql))))
      await this.#look();
    if (!life.isOver) this.onStep();
    return reply;
  }

  async #look(): Promise<void> {
    const of = async <T>(table: 'item' | 'attempt') => {
      const sql = `select * from "${table}" where "operationId" in (select "id" from "operation" where "cluster" = ?) order by "n"`;
      const { rows } = await this.observer.send<QueryReply>({ type: 'query', sql, parameters: [this.cluster] });
      return rows as T[];
    };
    const [items, attempts] = [await of<Item>('item'), await of<Attempt>('attempt')];
    this.journal = { items: new Map(items.map((item) => [item.n, item])), attempts };
    this.onCommit(this.journal);
  }
}
