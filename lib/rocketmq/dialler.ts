import { lookup as resolve } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { Connection, ConnectionOptions } from '../remoting/connection';
import type { Within } from '../remoting/deadline';
import type { TlsOptions } from '../remoting/dial';
import { RemotingError } from '../remoting/errors';
import { ConnectionPool } from '../remoting/pool';
import { BLOCKED_CODE } from '../remoting/reason';
import { DialPolicy } from './dial-policy';
import type { Topology, TopologyBroker } from './topology';

export interface DiallerOptions extends ConnectionOptions {
  /** Advertised `host:port` → where to dial instead, for NAT, containers and proxies. Its targets are trusted. */
  addressMap?: Readonly<Record<string, string>> | undefined;
  /** See {@link DialPolicy}. NameServers are configured by the operator and need no entry. */
  allow?: readonly string[] | undefined;
  tls?: TlsOptions | undefined;
  connectTimeoutMs?: number | undefined;
}

export interface BrokerTarget {
  broker: string;
  brokerId: number;
  /** As the NameServer lists it. */
  address: string;
}

/**
 * The only place that opens connections to a cluster. Brokers are dialled by name and id out of the topology; an
 * address from anywhere else, such as one inside a message id, has no way in.
 */
export class Dialler {
  readonly #pool: ConnectionPool;
  readonly #policy: DialPolicy;
  readonly #addressMap: Readonly<Record<string, string>>;

  constructor(
    private readonly nameServers: readonly string[],
    options: DiallerOptions,
  ) {
    this.#addressMap = options.addressMap ?? {};
    this.#policy = new DialPolicy(options.allow);
    this.#pool = new ConnectionPool({ ...options, lookup: this.#lookup });
  }

  /** Whether the policy lets this broker address be dialled. */
  allows(address: string): boolean {
    return this.#addressMap[address] !== undefined || this.#policy.allows(address);
  }

  /**
   * Finds a broker in the topology. Without `brokerId` it is the master, or for a read the slave with the smallest id.
   * Throws `RemotingError` CONNECT when there is none.
   */
  locate(topology: Topology, broker: string, brokerId: number | undefined, access: 'READ' | 'WRITE'): BrokerTarget {
    const entry = topology.brokers.find(({ name }) => name === broker);
    if (!entry)
      throw new RemotingError('CONNECT', broker, `broker ${broker} is not registered at any NameServer`, false);
    const id = brokerId ?? defaultId(entry, access);
    const address = entry.addresses.get(id);
    if (address === undefined) {
      throw new RemotingError(
        'CONNECT',
        broker,
        `broker ${broker} has no ${id === 0 ? 'master' : `replica ${id}`}`,
        false,
      );
    }
    return { broker, brokerId: id, address };
  }

  /** The shared connection to a broker, at once where it is open. Throws or rejects with `RemotingError`. */
  dialBroker({ address }: BrokerTarget, within: Within): Connection | Promise<Connection> {
    return this.#pool.get(this.#admitted(address), within);
  }

  /** A new connection to a broker, of the caller's own. */
  async openBroker({ address }: BrokerTarget, within: Within): Promise<Connection> {
    return this.#pool.open(this.#admitted(address), within);
  }

  async dialNameServer(address: string, within: Within): Promise<Connection> {
    if (!this.nameServers.includes(address)) {
      throw new RemotingError('CONNECT', address, `${address} is not a configured NameServer`, false);
    }
    return this.#pool.get(this.#mapped(address), within);
  }

  close(): void {
    this.#pool.close();
  }

  #admitted(address: string): string {
    if (this.allows(address)) return this.#mapped(address);
    const message = `${address} is blocked by policy`;
    throw new RemotingError('CONNECT', address, message, false, { reason: 'BLOCKED' });
  }

  #mapped(address: string): string {
    return this.#addressMap[address] ?? address;
  }

  readonly #lookup: LookupFunction = (hostname, lookupOptions, callback) => {
    resolve(hostname, { ...lookupOptions, all: true }, (error, found) => {
      if (error) return callback(error, '', 0);
      const passed = found.filter(({ address }) => this.#policy.allowsResolved(address));
      const [first] = passed;
      if (!first) return callback(blocked(hostname), '', 0);
      if (lookupOptions.all) callback(null, passed);
      else callback(null, first.address, first.family);
    });
  };
}

const blocked = (hostname: string) =>
  Object.assign(new Error(`${hostname} resolves to an address blocked by policy`), { code: BLOCKED_CODE });

function defaultId(entry: TopologyBroker, access: 'READ' | 'WRITE'): number {
  return access === 'WRITE' || entry.addresses.has(0) ? 0 : Math.min(...entry.addresses.keys());
}
