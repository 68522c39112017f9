import type { Failure } from '@/lib/contract/primitives';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import { QUERY_MESSAGE } from '@/lib/rocketmq/requests/query-message';
import { failureOf, targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { recordIdOf } from '../messages/record-id';

export interface Copy {
  broker: string;
  record: StoredMessage;
}

const AT_ONCE_PER_BROKER = 12;
/** The index answers at most so many, the newest first. */
const PAGE = 64;
const MAX_PAGES = 4;

/** Looks keys up in the index (request 12) of many topics, and remembers what was asked and what could not be. */
export class IndexSearch {
  requests = 0;
  /** Asked on every broker that holds them and answers. */
  readonly topics = new Set<string>();
  readonly failures: Failure[] = [];
  /** Topics in which more may lie than the index gives out. */
  readonly cut = new Set<string>();

  constructor(
    private readonly ctx: Ctx,
    private readonly all: readonly string[],
  ) {}

  /** Those that have not failed yet: nobody waits twice for a broker that hangs. */
  get brokers(): readonly string[] {
    return this.all.filter((broker) => !this.#isSilent(broker));
  }

  /** Every record found, once each, ascending by store time. Topics left when `untilAt` comes are not in `topics`. */
  async find(topics: readonly string[], keys: readonly string[], untilAt = this.ctx.deadlineAt): Promise<Copy[]> {
    const found = new Map<string, Copy>();
    const open = new Map<string, number>();
    const queues = new Map<string, { topic: string; key: string }[]>();
    for (const topic of topics) {
      const hosts = this.#hostsOf(topic);
      open.set(topic, hosts.length * keys.length);
      for (const broker of hosts)
        queues.set(broker, [...(queues.get(broker) ?? []), ...keys.map((key) => ({ topic, key }))]);
    }
    const work = async (broker: string, jobs: Iterator<{ topic: string; key: string }>) => {
      for (let next = jobs.next(); !next.done; next = jobs.next()) {
        if (this.ctx.now() >= untilAt) return;
        const { topic, key } = next.value;
        // What a silent broker may hold is one gap of its own, and no reason to call every topic unasked.
        open.set(topic, (open.get(topic) ?? 0) - 1);
        if (this.#isSilent(broker)) continue;
        try {
          for (const record of await this.#query(broker, topic, key))
            found.set(recordIdOf({ broker, physicalOffset: record.physicalOffset }) + record.queueOffset, {
              broker,
              record,
            });
        } catch (error) {
          this.failures.push(failureOf(broker, error));
        }
      }
    };
    await Promise.all(
      [...queues].flatMap(([broker, jobs]) => {
        const shared = jobs.values();
        return Array.from({ length: Math.min(AT_ONCE_PER_BROKER, jobs.length) }, () => work(broker, shared));
      }),
    );
    for (const [topic, left] of open) if (left === 0) this.topics.add(topic);
    return [...found.values()].sort((a, b) => a.record.storedAt - b.record.storedAt);
  }

  #isSilent(broker: string): boolean {
    return this.failures.some((failure) => failure.broker === broker && !/^\d+$/.test(failure.code));
  }

  /** Brokers that hold the topic as far as the snapshot knows; all for a topic that it does not know. */
  #hostsOf(topic: string): readonly string[] {
    const known = this.ctx.snapshot()?.topics.get(topic);
    if (!known || known.partial !== null) return this.all;
    return this.all.filter((broker) => known.config.some((config) => config.broker === broker));
  }

  async #query(broker: string, topic: string, key: string): Promise<StoredMessage[]> {
    const all: StoredMessage[] = [];
    let to: number | undefined;
    for (let page = 0; page < MAX_PAGES; page++) {
      this.requests += 1;
      const target = targetOf(this.ctx, broker);
      const { messages, hits } = await this.ctx.client.call(QUERY_MESSAGE, { topic, key, maxNum: PAGE, to }, target);
      all.push(...messages);
      if (hits < PAGE) return all;
      const oldest = Math.min(...messages.map(({ storedAt }) => storedAt));
      if (messages.length === 0 || oldest === to) break;
      to = oldest;
    }
    this.cut.add(topic);
    return all;
  }
}
