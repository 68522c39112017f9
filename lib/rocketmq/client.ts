import type { RemotingCommand } from '../remoting/command';
import type { Connection } from '../remoting/connection';
import type { Within } from '../remoting/deadline';
import { RESPONSE } from './codes';
import type { RequestDefinition } from './define-request';
import { type BrokerTarget, Dialler, type DiallerOptions } from './dialler';
import { RemotingError, toRocketMQError } from './errors';
import { admit, admitFields, type FirewallRules } from './firewall';
import { firstAnswer } from './first-answer';
import { GET_BROKER_CLUSTER_INFO } from './requests/get-broker-cluster-info';
import type { Signer } from './sign';
import { TopologyService } from './topology';
import type { WriteCapability } from './write-capability';

export interface ClientOptions extends Pick<DiallerOptions, 'addressMap' | 'allow' | 'tls' | 'maxFrameBytes'> {
  /** Name of the cluster in our configuration; capabilities are bound to it. */
  name: string;
  /** `host:port` each. */
  nameServers: readonly string[];
  signer?: Signer | undefined;
  /** Requests on the wire per broker at once. Default 16. */
  inFlightPerBroker?: number | undefined;
  /** Refuses every WRITE. */
  readOnly?: boolean | undefined;
  /** Group that pulls name. Default TOOLS_CONSUMER. */
  browseGroup?: string | undefined;
  topologyTtlMs?: number | undefined;
}

export interface CallTarget extends Within {
  broker: string;
  /** Default: the master, or for a read without one the slave with the smallest id. WRITE: 0 only. */
  brokerId?: number | undefined;
  capability?: WriteCapability | undefined;
  lane?: Lane | undefined;
  /** Told which replica answered. */
  onServed?: ((by: BrokerTarget & { version: number }) => void) | undefined;
}

export interface NameServerTarget extends Within {
  /** One of the configured NameServers; needed by a WRITE, which has to reach each of them. */
  address?: string | undefined;
  capability?: WriteCapability | undefined;
}

/** A socket of one's own to a broker's master. What goes over it still passes through `call`. */
export interface Lane {
  readonly broker: string;
  readonly isOpen: boolean;
  close(): void;
  /** Resets the socket, so that bytes that have not left this machine never do. */
  destroy(): void;
}

/** How a request reaches its server. */
interface Route {
  /** At once where the connection is open. */
  connect(): Connection | Promise<Connection>;
  /** Where a second attempt may go; none means there is only one. */
  canRetry: boolean;
  onReply(reply: RemotingCommand): void;
}

/** Everything that is said to one RocketMQ cluster. */
export class RocketMQClient {
  readonly name: string;
  readonly nameServers: readonly string[];
  readonly topology: TopologyService;
  readonly #dialler: Dialler;
  readonly #rules: FirewallRules;
  readonly #signer: Signer | undefined;
  readonly #versions = new Map<string, number>();
  readonly #lanes = new WeakMap<Lane, { connection: Connection; target: BrokerTarget }>();
  #favourite: string | undefined;

  constructor(options: ClientOptions) {
    const { name, nameServers, inFlightPerBroker, signer, topologyTtlMs, ...rest } = options;
    this.name = name;
    this.nameServers = nameServers;
    this.#signer = signer;
    const { readOnly = false, browseGroup = 'TOOLS_CONSUMER' } = rest;
    this.#rules = { cluster: name, readOnly, browseGroup };
    const dialler = new Dialler(nameServers, { ...rest, inFlight: inFlightPerBroker });
    this.#dialler = dialler;
    this.topology = new TopologyService({
      nameServers,
      ask: (address, within) => this.callNameServer(GET_BROKER_CLUSTER_INFO, undefined, { ...within, address }),
      allows: (address) => dialler.allows(address),
      ttlMs: topologyTtlMs,
    });
  }

  /**
   * Asks a broker. Rejects with `RemotingError`, `RocketMQError` (any code the request does not accept) or
   * `FirewallError` (nothing was sent). A read is tried once more after a lost connection or GO_AWAY, a write never.
   */
  async call<Input, Output>(request: RequestDefinition<Input, Output>, input: Input, to: CallTarget): Promise<Output> {
    admit(request, to.capability, this.#rules);
    const { broker, brokerId, lane } = to;
    if (request.access === 'WRITE' && (brokerId ?? 0) !== 0) throw new RangeError('A WRITE goes to brokerId 0.');
    const own = lane && this.#lanes.get(lane);
    if (lane && own?.target.broker !== broker) throw new Error(`The lane does not lead to ${broker}.`);
    const target =
      own?.target ??
      this.#located(request.access, broker, brokerId) ??
      (await this.#locate(request.access, broker, brokerId, to));
    return this.#send(request, input, to, {
      canRetry: request.access === 'READ' && !own,
      connect: () => own?.connection ?? this.#dialBroker(target, to),
      onReply: ({ version }) => {
        this.#versions.set(broker, version);
        to.onServed?.({ ...target, version });
      },
    });
  }

  /** Asks a NameServer: the given one, or for a read whichever answers first. Rejects like `call`. */
  async callNameServer<Input, Output>(
    request: RequestDefinition<Input, Output>,
    input: Input,
    { address, ...within }: NameServerTarget,
  ): Promise<Output> {
    const ask = (server: string, signal: AbortSignal | undefined) => {
      const limits = { ...within, signal };
      return this.#send(request, input, limits, {
        canRetry: request.access === 'READ',
        connect: () => this.#dialler.dialNameServer(server, limits),
        onReply: ({ version }) => this.#versions.set(server, version),
      });
    };
    if (address !== undefined) return ask(address, within.signal);
    admit(request, within.capability, this.#rules);
    if (request.access === 'WRITE') throw new Error(`${request.name} needs the address of a NameServer.`);
    const order = [...new Set([...(this.#favourite ? [this.#favourite] : []), ...this.nameServers])];
    return firstAnswer(order, async (server, lost) => {
      const answer = await ask(server, within.signal ? AbortSignal.any([within.signal, lost]) : lost);
      this.#favourite = server;
      return answer;
    });
  }

  /** Opens a connection of the caller's own to the master, for writes that must not queue behind reads. */
  async openLane(broker: string, within: Within): Promise<Lane> {
    const target = await this.#locate('WRITE', broker, 0, within);
    const connection = await this.#dialler.openBroker(target, within);
    const lane: Lane = {
      broker,
      get isOpen() {
        return connection.isUsable;
      },
      close: () => connection.close(),
      destroy: () => connection.destroy(),
    };
    this.#lanes.set(lane, { connection, target });
    return lane;
  }

  /** Version ordinal in the last answer of a broker (by name) or NameServer (by address). */
  versionOf(server: string): number | undefined {
    return this.#versions.get(server);
  }

  close(): void {
    this.#dialler.close();
  }

  /** Without asking anybody; null where that cannot be known. */
  #located(access: 'READ' | 'WRITE', broker: string, brokerId: number | undefined): BrokerTarget | null {
    const topology = this.topology.young();
    const isListed = topology?.brokers.some(({ name, addresses }) => name === broker && addresses.has(brokerId ?? 0));
    return topology && isListed ? this.#dialler.locate(topology, broker, brokerId, access) : null;
  }

  async #locate(access: 'READ' | 'WRITE', broker: string, brokerId: number | undefined, within: Within) {
    const topology = await this.topology.get(within);
    try {
      return this.#dialler.locate(topology, broker, brokerId, access);
    } catch (error) {
      // It may have registered since; but an unknown name must not become a request per call.
      if (Date.now() - topology.asOf < 1000) throw error;
      return this.#dialler.locate(await this.topology.get({ ...within, fresh: true }), broker, brokerId, access);
    }
  }

  #dialBroker(target: BrokerTarget, within: Within): Connection | Promise<Connection> {
    const connection = this.#dialler.dialBroker(target, within);
    if (!(connection instanceof Promise)) return connection;
    return connection.catch((error: unknown) => {
      if (error instanceof RemotingError && error.kind === 'CONNECT') this.topology.expire();
      throw error;
    });
  }

  /** The only way to a frame. */
  async #send<Input, Output>(
    request: RequestDefinition<Input, Output>,
    input: Input,
    within: Within & { capability?: WriteCapability | undefined },
    { connect, canRetry, onReply }: Route,
  ): Promise<Output> {
    admit(request, within.capability, this.#rules);
    const payload = request.encode(input);
    const body = Buffer.isBuffer(payload.body) ? payload.body : Buffer.from(payload.body ?? '');
    const fields = textFields(payload.fields ?? {});
    admitFields(request.code, fields, this.#rules);
    const extFields = this.#signer ? { ...fields, ...this.#signer(fields, body) } : fields;
    const outgoing = { code: request.code, extFields, body };

    let attempts = canRetry ? 2 : 1;
    for (;;) {
      attempts -= 1;
      try {
        const dialled = connect();
        const connection = dialled instanceof Promise ? await dialled : dialled;
        const reply = await connection.request(outgoing, within);
        if (reply.code === RESPONSE.GO_AWAY) connection.retire();
        if (reply.code === RESPONSE.GO_AWAY && attempts > 0) continue;
        onReply(reply);
        if (!request.accepts.includes(reply.code)) throw toRocketMQError(reply, request.name, connection.address);
        return request.decode(reply, input);
      } catch (error) {
        if (attempts === 0 || !isLost(error)) throw error;
      }
    }
  }
}

function isLost(error: unknown): boolean {
  return error instanceof RemotingError && error.kind === 'CLOSED';
}

function textFields(fields: Record<string, string | number | bigint | boolean | undefined>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) texts[key] = String(value);
  return texts;
}
