import { once } from 'node:events';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { BatchStatement } from './batch';
import { StoreError, toStoreError } from './errors';

export interface BoundQuery extends Pick<BatchStatement, 'isGuard' | 'byColumn'> {
  sql: string;
  parameters: readonly unknown[];
}
export interface QueryReply {
  rows: unknown[];
  changes?: number;
  insertId?: number;
}
type Failure = { code?: string; message: string; isLock?: boolean };
type Request =
  | { type: 'open' | 'close' | 'rollback' }
  | { type: 'query'; sql: string; parameters: readonly unknown[] }
  | { type: 'batch'; queries: readonly BoundQuery[]; isRebuilt: boolean };

/** The thread that holds the database; messages are answered in order. */
export class WorkerClient {
  readonly #worker: Worker;
  readonly #pending = new Map<number, { resolve(reply: unknown): void; reject(error: StoreError): void }>();
  #next = 1;
  #gone: StoreError | null = null;

  constructor(workerData: object) {
    // Through Reflect, so that no bundler takes the file for an entry of its own: it is copied as it is.
    this.#worker = Reflect.construct(Worker, [workerFile(), { workerData, name: 'store' }]);
    this.#worker.unref();
    this.#worker.on('message', ({ id, result, failure }: { id: number; result?: unknown; failure?: Failure }) => {
      const waiting = this.#pending.get(id);
      this.#pending.delete(id);
      if (this.#pending.size === 0) this.#worker.unref();
      if (!failure) waiting?.resolve(result);
      else
        waiting?.reject(
          failure.isLock ? new StoreError('LOCKED', failure.message, failure.code) : toStoreError(failure),
        );
    });
    this.#worker.on('error', (cause) => this.#end(cause));
    this.#worker.on('exit', () => this.#end());
  }

  /** Messages without an answer yet. */
  get waiting(): number {
    return this.#pending.size;
  }

  send<T>(request: Request): Promise<T> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise<T>((resolve, reject) => {
      const id = this.#next++;
      this.#pending.set(id, { resolve: resolve as (reply: unknown) => void, reject });
      this.#worker.ref();
      this.#worker.postMessage({ id, ...request });
    });
  }

  async close(): Promise<void> {
    if (this.#gone) return;
    const exited = once(this.#worker, 'exit');
    await this.send({ type: 'close' });
    this.#worker.ref();
    await exited;
  }

  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #end(cause?: unknown): void {
    this.#gone ??= new StoreError(
      'UNAVAILABLE',
      `The store's thread has ended${cause ? `: ${(cause as Error).message}` : ''}. Restart the console.`,
      undefined,
      { cause },
    );
    for (const { reject } of this.#pending.values()) reject(this.#gone);
    this.#pending.clear();
  }
}

/** Below the working directory, as in a standalone build; else, from source, beside this file. */
function workerFile(): string {
  const candidates = [path.join(/* turbopackIgnore: true */ process.cwd(), 'lib/store/worker.mjs')];
  const own = import.meta.url;
  if (own.startsWith('file:')) {
    candidates.push(path.join(/* turbopackIgnore: true */ path.dirname(fileURLToPath(own)), 'worker.mjs'));
  }
  const found = candidates.find((file) => existsSync(/* turbopackIgnore: true */ file));
  if (!found)
    throw new StoreError('UNAVAILABLE', `The store's worker file is missing; looked for ${candidates.join(' and ')}.`);
  return found;
}
