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

interface Sending extends Within {
  capability?: WriteCapability | undefined;
  connect(): Promise<Connection>;
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
  async call<Input, Output>(
    request: RequestDefinition<Input, Output>,
    input: Input,
    { broker, brokerId, lane, onServed, ...within }: CallTarget,
  ): Promise<Output> {
    admit(request, within.capability, this.#rules);
    if (request.access === 'WRITE' && (brokerId ?? 0) !== 0) throw new RangeError('A WRITE goes to brokerId 0.');
    const own = lane && this.#lanes.get(lane);
    if (lane && own?.target.broker !== broker) throw new Error(`The lane does not lead to ${broker}.`);
    const target = own?.target ?? (await this.#locate(request.access, broker, brokerId, within));
    return this.#send(request, input, {
      ...within,
      canRetry: request.access === 'READ' && !own,
      connect: async () => own?.connection ?? this.#dialBroker(target, within),
      onReply: ({ version }) => {
        this.#versions.set(broker, version);
        onServed?.({ ...target, version });
      },
    });
  }

  /** Asks a NameServer: the given one, or for a read whichever answers first. Rejects like `call`. */
  async callNameServer<Input, Output>(
    request: RequestDefinition<Input, Output>,
    input: Input,
    { address, ...within }: NameServerTarget,
  ): Promise<Output> {
    const ask = (server: string, signal: AbortSignal | undefined) =>
      this.#send(request, input, {
        ...within,
        signal,
        canRetry: request.access === 'READ',
        connect: () => this.#dialler.dialNameServer(server, { ...within, signal }),
        onReply: ({ version }) => this.#versions.set(server, version),
      });
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
    const connection = await this.#dialler.dialBroker(target, within, true);
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

  async #dialBroker(target: BrokerTarget, within: Within): Promise<Connection> {
    try {
      return await this.#dialler.dialBroker(target, within);
    } catch (error) {
      if (error instanceof RemotingError && error.kind === 'CONNECT') this.topology.expire();
      throw error;
    }
  }

  /** The only way to a frame. */
  async #send<Input, Output>(
    request: RequestDefinition<Input, Output>,
    input: Input,
    { capability, connect, canRetry, onReply, ...within }: Sending,
  ): Promise<Output> {
    admit(request, capability, this.#rules);
    const payload = request.encode(input);
    const body = Buffer.isBuffer(payload.body) ? payload.body : Buffer.from(payload.body ?? '');
    const fields = textFields(payload.fields ?? {});
    admitFields(request.code, fields, this.#rules);
    const extFields = { ...fields, ...this.#signer?.(fields, body) };

    const exchange = async () => {
      const connection = await connect();
      const reply = await connection.request({ code: request.code, extFields, body }, within);
      if (reply.code === RESPONSE.GO_AWAY) connection.retire();
      return { reply, address: connection.address };
    };
    let { reply, address } = await exchange().catch((error) => {
      if (canRetry && isLost(error)) return exchange();
      throw error;
    });
    if (canRetry && reply.code === RESPONSE.GO_AWAY) ({ reply, address } = await exchange());
    onReply(reply);
    if (!request.accepts.includes(reply.code)) throw toRocketMQError(reply, request.name, address);
    return request.decode(reply, input);
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
