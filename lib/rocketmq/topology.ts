import { type Within, waitWithin } from '../remoting/deadline';
import { RemotingError } from '../remoting/errors';
import { type Cause, causeOf } from './errors';
import { mergeBrokers } from './merge-brokers';
import type { BrokerClusterInfo } from './requests/get-broker-cluster-info';

export interface TopologyBroker {
  cluster: string;
  name: string;
  /** By brokerId; 0 is the master. As listed, before any address map. */
  addresses: Map<number, string>;
  masterAddress: string | null;
  /** Addresses listed but never dialled, because policy blocks them. */
  blockedAddresses: string[];
}

export interface TopologyFailure extends Cause {
  nameServer: string;
}

export interface Topology {
  /** Epoch ms of the answers it was made from. */
  asOf: number;
  brokers: TopologyBroker[];
  /** NameServers that gave no usable answer. */
  failures: TopologyFailure[];
  /** The last refresh failed, or is taking long; this is the picture from before. */
  isStale: boolean;
  /** Brokers on whose addresses the NameServers disagree; shown is the union, the first configured one winning. */
  disagreements: string[];
}

export interface TopologyOptions {
  nameServers: readonly string[];
  ask(nameServer: string, within: Within): Promise<BrokerClusterInfo>;
  allows?(address: string): boolean;
  /** Default 10,000. */
  ttlMs?: number | undefined;
  /** How long a refresh may run. Default 3,000. */
  refreshMs?: number | undefined;
}

// How long one NameServer's answer waits for those of the others, and an old picture for a new one.
const GRACE_MS = 500;

// A broker that is down stays listed for two minutes: not every failed dial to it may ask the NameServers.
const EXPIRE_AFTER_MS = 2000;

/** Who belongs to the cluster: the union over all NameServers, refreshed when older than the TTL, one refresh at a time. */
export class TopologyService {
  #current: Topology | null = null;
  #checkedAt = 0;
  #refresh: Promise<Topology> | null = null;
  #failures: TopologyFailure[] = [];
  /** NameServers that did not answer in time: nobody waits for them until they answer again. */
  readonly #suspects = new Set<string>();

  constructor(private readonly options: TopologyOptions) {}

  /**
   * The present topology. With `fresh` it is asked for now. Rejects with `RemotingError` only while nothing has ever
   * been learnt; later it falls back to the picture from before, with `isStale`.
   */
  async get({ fresh = false, ...within }: Within & { fresh?: boolean }): Promise<Topology> {
    const young = fresh ? null : this.young();
    if (young) return young;
    const known = this.#current;
    this.#refresh ??= this.#load().finally(() => {
      this.#refresh = null;
    });
    if (!known) return waitWithin(this.#refresh, within, this.options.nameServers.join(';'));
    const patienceAt = fresh ? within.deadlineAt : Math.min(within.deadlineAt, Date.now() + GRACE_MS);
    const old = { ...known, isStale: true };
    return waitWithin(this.#refresh, { ...within, deadlineAt: patienceAt }, '').catch(() => old);
  }

  /** Every broker that has a master, and those that have none as failures. */
  async masters(within: Within & { fresh?: boolean }) {
    const { brokers } = await this.get(within);
    const items = brokers.filter(({ masterAddress }) => masterAddress !== null);
    const failures = brokers
      .filter(({ masterAddress }) => masterAddress === null)
      .map(({ name }) => ({ broker: name, code: 'NO_MASTER' }));
    return { items, failures };
  }

  /** What was learnt last, if it is still good, without asking anybody. */
  young(): Topology | null {
    return Date.now() - this.#checkedAt < (this.options.ttlMs ?? 10_000) ? this.#current : null;
  }

  /** What was learnt last, without asking anybody. */
  peek(): Topology | null {
    return this.#current;
  }

  /** NameServers that gave no usable answer last time, also while nothing has ever been learnt. */
  get failures(): readonly TopologyFailure[] {
    return this.#failures;
  }

  /** Makes the next `get` ask again: a listed broker turned out not to be there. */
  expire(): void {
    if (Date.now() - this.#checkedAt > EXPIRE_AFTER_MS) this.#checkedAt = 0;
  }

  async #load(): Promise<Topology> {
    const answers = new Map<string, BrokerClusterInfo>();
    const failures: TopologyFailure[] = [];
    await this.#collect(answers, failures);
    this.#checkedAt = Date.now();
    this.#failures = failures;
    const { nameServers, allows = () => true } = this.options;
    if (answers.size === 0) {
      if (this.#current) {
        this.#current = { ...this.#current, failures, isStale: true };
        return this.#current;
      }
      const causes = failures.map(({ message }) => message).join('; ');
      const message = `no NameServer answered: ${causes}`;
      throw new RemotingError('CONNECT', nameServers.join(';'), message, false);
    }
    const inOrder = nameServers.flatMap((address) => answers.get(address) ?? []);
    this.#current = { ...mergeBrokers(inOrder, allows), asOf: this.#checkedAt, failures, isStale: false };
    return this.#current;
  }

  /** Asks all at once. Ends when all have settled, or shortly after the first answer. */
  #collect(answers: Map<string, BrokerClusterInfo>, failures: TopologyFailure[]): Promise<void> {
    const { nameServers, ask, refreshMs = 3000 } = this.options;
    const open = new Set(nameServers);
    return new Promise((resolve) => {
      let grace: NodeJS.Timeout | undefined;
      const finish = () => {
        clearTimeout(grace);
        for (const nameServer of open) {
          this.#suspects.add(nameServer);
          failures.push({ nameServer, code: 'TIMEOUT', message: `${nameServer} did not answer in time` });
        }
        open.clear();
        resolve();
      };
      const settle = (nameServer: string, record: () => void) => {
        if (!open.delete(nameServer)) return;
        record();
        const isAwaited = [...open].some((each) => !this.#suspects.has(each));
        if (open.size === 0 || (answers.size > 0 && !isAwaited)) finish();
        else if (answers.size > 0) grace ??= setTimeout(finish, GRACE_MS);
      };
      for (const nameServer of nameServers) {
        ask(nameServer, { deadlineAt: Date.now() + refreshMs }).then(
          (info) => {
            this.#suspects.delete(nameServer);
            settle(nameServer, () => answers.set(nameServer, info));
          },
          (error) => settle(nameServer, () => failures.push({ nameServer, ...causeOf(error) })),
        );
      }
    });
  }
}
