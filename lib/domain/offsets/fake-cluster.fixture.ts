import type { RocketMQClient } from '@/lib/rocketmq/client';
import { RemotingError } from '@/lib/rocketmq/errors';
import type { Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { JobControl, type JobCtx } from '../jobs/control';

export interface FakeQueue {
  min: number;
  max: number;
  committed: number | null;
}
export interface FakeBroker {
  serverSide: boolean;
  queues: FakeQueue[];
}
interface Frame {
  code: number;
  fields: Record<string, unknown>;
}

/** A message's store time in the fake cluster: one a second. */
export const storedAt = (offset: number): number => 1_000_000 + offset * 1000;

/** Brokers that hold one topic `orders` for one group `billing`, and answer what a reset asks them. */
export class FakeCluster {
  readonly brokers = new Map<string, FakeBroker>();
  readonly frames: Frame[] = [];
  members: string[] = [];
  messageModel = 'CLUSTERING';
  /** Brokers the NameServer knows but that have no master. */
  readonly dead = new Set<string>();
  /** Called with every write before it takes effect. */
  onWrite: (frame: Frame & { broker: string }) => Promise<void> | void = () => {};
  at = 2_000_000_000;

  constructor(brokers: Record<string, FakeBroker>) {
    for (const [name, broker] of Object.entries(brokers)) this.brokers.set(name, broker);
  }

  ctx(store: Store, over: Partial<Ctx> = {}): JobCtx {
    const control = new FastControl(this);
    return {
      cluster: 'demo',
      actor: actorOf('admin'),
      client: this.client(),
      snapshot: () => ({ brokers: [], topics: new Map(), groups: new Map([['billing', group()]]) }),
      store,
      log: { info() {}, warn() {}, error() {} },
      signal: new AbortController().signal,
      now: () => this.at,
      deadlineAt: Number.MAX_SAFE_INTEGER,
      requestId: 'test',
      job: { control, exportsDir: '/nonexistent' },
      ...over,
    } as unknown as JobCtx;
  }

  private client(): RocketMQClient {
    const names = [...this.brokers.keys()];
    return {
      nameServers: ['ns:9876'],
      topology: {
        masters: async () => ({
          items: names.filter((name) => !this.dead.has(name)).map((name) => ({ name })),
          failures: [...this.dead].map((broker) => ({ broker, code: 'NO_MASTER' })),
        }),
      },
      callNameServer: async (_request: unknown, { topic }: { topic: string }) =>
        topic === 'orders'
          ? {
              queues: [...this.brokers].map(([brokerName, { queues }]) => ({
                brokerName,
                readQueueNums: queues.length,
                perm: 6,
              })),
            }
          : null,
      call: (
        request: { code: number; access: string; encode(input: unknown): { fields?: object } },
        input: never,
        to: { broker: string },
      ) => this.answer(request, input, to.broker),
    } as unknown as RocketMQClient;
  }

  private async answer(
    request: { code: number; access: string; encode(input: unknown): { fields?: object } },
    input: { queueId: number; queueOffset: number; at: number; offset: number; commitOffset: number },
    name: string,
  ): Promise<unknown> {
    const broker = this.brokers.get(name);
    if (!broker) throw new RemotingError('CONNECT', name, 'unknown broker', false);
    const frame = { code: request.code, fields: (request.encode(input).fields ?? {}) as Record<string, unknown> };
    const queue = broker.queues[input?.queueId ?? -1] ?? { min: 0, max: 0, committed: null };
    if (request.access === 'WRITE') {
      this.frames.push(frame);
      await this.onWrite({ ...frame, broker: name });
    }
    switch (request.code) {
      case 11:
        return { messages: input.queueOffset < queue.max ? [{ storedAt: storedAt(input.queueOffset) }] : [] };
      case 14:
        return queue.committed;
      case 15:
        queue.committed = input.commitOffset;
        return { ignored: false };
      case 26:
        return { config: { useServerSideResetOffset: String(broker.serverSide) } };
      case 29:
        return Math.max(0, Math.min(queue.max, Math.ceil((input.at - storedAt(0)) / 1000)));
      case 30:
        return queue.max;
      case 31:
        return queue.min;
      case 201:
        return { groups: [{ groupName: 'billing', consumeEnable: true, retryMaxTimes: 16 }] };
      case 203:
        return this.members.length === 0
          ? null
          : {
              connections: this.members.map((clientId) => ({ clientId })),
              messageModel: this.messageModel,
              consumeType: 'CONSUME_PASSIVELY',
            };
      case 222:
        queue.committed = input.offset;
        return { queues: [] };
      case 307:
        return { properties: {}, queues: [] };
      default:
        throw new Error(`the fake cluster has no answer for ${request.code}`);
    }
  }
}

/** Waits by moving the cluster's clock. */
class FastControl extends JobControl {
  constructor(private readonly cluster: FakeCluster) {
    super(() => cluster.at);
  }
  override async wait(ms: number): Promise<void> {
    this.cluster.at += Math.max(0, ms);
  }
}

const group = () => ({
  name: 'billing',
  mode: 'CLUSTERING',
  topics: ['orders'],
  queues: [],
  consumeEnabled: true,
  retriesDue: { value: 0, asOf: 0 },
  retriesWaiting: { value: 0, asOf: 0 },
});
