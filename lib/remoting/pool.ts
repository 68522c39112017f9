import type { LookupFunction } from 'node:net';
import { Connection, type ConnectionOptions } from './connection';
import { type Within, waitWithin } from './deadline';
import { dial, type TlsOptions } from './dial';
import { RemotingError } from './errors';

export interface PoolOptions extends ConnectionOptions {
  /** Default 2,000. */
  connectTimeoutMs?: number | undefined;
  tls?: TlsOptions | undefined;
  /** Replaces name resolution, to refuse what a name stands for. */
  lookup?: LookupFunction | undefined;
}

/** One shared connection per address, opened on first use and again whenever the last one is no longer usable. */
export class ConnectionPool {
  #shared = new Map<string, Connection>();
  #dialling = new Map<string, Promise<Connection>>();
  #owned = new Set<Connection>();
  #isClosed = false;

  // Private to the language too: TLS keys are in it, and whatever is printed or logged shows every other property.
  readonly #waysToDial: Pick<PoolOptions, 'connectTimeoutMs' | 'tls' | 'lookup'>;
  readonly #options: ConnectionOptions;

  constructor({ connectTimeoutMs, tls, lookup, ...options }: PoolOptions = {}) {
    this.#waysToDial = { connectTimeoutMs, tls, lookup };
    this.#options = options;
  }

  /** At once where one is open; else rejects with `RemotingError` CONNECT, TIMEOUT or ABORTED. However many ask, one dials. */
  get(address: string, within: Within): Connection | Promise<Connection> {
    const connection = this.#shared.get(address);
    if (connection?.isUsable) return connection;
    let dialling = this.#dialling.get(address);
    if (!dialling) {
      dialling = this.#dial(address, this.#connectTimeoutMs).finally(() => this.#dialling.delete(address));
      dialling.then(
        (fresh) => this.#shared.set(address, fresh),
        () => this.#shared.delete(address),
      );
      this.#dialling.set(address, dialling);
    }
    return waitWithin(dialling, within, address);
  }

  /** A connection that nobody else uses; the caller closes it. */
  async open(address: string, within: Within): Promise<Connection> {
    const leftMs = Math.max(0, within.deadlineAt - Date.now());
    const connection = await this.#dial(address, Math.min(this.#connectTimeoutMs, leftMs), within.signal);
    for (const owned of this.#owned) if (!owned.isUsable) this.#owned.delete(owned);
    this.#owned.add(connection);
    return connection;
  }

  /** Closes everything; requests without an answer are rejected with CLOSED. */
  close(): void {
    this.#isClosed = true;
    for (const connection of [...this.#shared.values(), ...this.#owned]) connection.close();
    this.#shared.clear();
    this.#owned.clear();
  }

  get #connectTimeoutMs(): number {
    return this.#waysToDial.connectTimeoutMs ?? 2000;
  }

  async #dial(address: string, timeoutMs: number, signal?: AbortSignal): Promise<Connection> {
    const { tls, lookup } = this.#waysToDial;
    const refused = () => new RemotingError('CLOSED', address, 'the client is closed', false);
    if (this.#isClosed) throw refused();
    const socket = await dial(address, { timeoutMs, tls, lookup, signal });
    const connection = new Connection(address, socket, this.#options);
    if (this.#isClosed) {
      connection.close();
      throw refused();
    }
    return connection;
  }
}
