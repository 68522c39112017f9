import { expect, vi } from 'vitest';
import type { RedrivePlanInput } from '@/lib/contract/plans';
import { freshDir } from '@/lib/store/fixtures';
import type { Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import { clientOfAll, FakeBroker } from './fake-broker.fixture';
import { REDRIVE_JOB, redriveMutation } from './job';
import { planRedrive } from './plan';
import type { RedriveTimes } from './run-context';

export const TIMES: RedriveTimes = {
  sendMs: 50,
  settleMs: 0,
  patienceMs: 200,
  backOffMs: 1,
  judgeMs: 0,
  lookMs: 2,
  sleep: async () => {},
};

const GROUP = {
  name: 'g',
  mode: 'CLUSTERING',
  consumeEnabled: true,
  topics: ['orders'],
  members: { unknown: 'not_read' },
};

function brokerOf(name: string, port: number): FakeBroker {
  const broker = new FakeBroker(name, port).addTopic('%RETRY%g').addTopic('orders', 4);
  broker.groups.add('g');
  broker.subscribers.set('orders', ['g', 'audit']);
  return broker;
}

const exportsDir = freshDir();
let clusters = 0;
/** A cluster with a group, its dead letters in turns on its masters, and a context of its own. */
export function sceneOf(store: Store, letters: number, masters: 1 | 2 = 1) {
  const broker = brokerOf('broker-a', 10_000);
  const other = brokerOf('broker-b', 10_001);
  const brokers = masters === 1 ? [broker] : [broker, other];
  for (let n = 0; n < letters; n += 1) brokers[n % masters]?.bury('g', `KEY${n}`);
  const control = new JobControl();
  const group: Record<string, unknown> = { ...GROUP };
  const snapshot = { groups: new Map([['g', group]]), topics: new Map(), brokers: [] };
  clusters += 1;
  const ctx = {
    cluster: `c${clusters}`,
    actor: actorOf('admin'),
    client: masters === 1 ? broker.client : clientOfAll(brokers),
    store,
    snapshot: () => snapshot,
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    now: Date.now,
    deadlineAt: Number.POSITIVE_INFINITY,
    requestId: 'r',
    maxRate: 500,
    job: { control, exportsDir },
  } as unknown as Ctx;
  return { store, broker, other, brokers, control, ctx, group, exportsDir };
}
export type Scene = ReturnType<typeof sceneOf>;

export const all = { select: { all: true as const }, rate: 500, group: 'g' };

/** A redrive of everything, planned and in the journal. */
export async function redriveOf({ store, ctx }: Scene, asked: Partial<RedrivePlanInput> = {}, times = TIMES) {
  const { plan, frozen } = await planRedrive(ctx, { ...all, target: { kind: 'group' }, ...asked });
  expect(plan.refused).toBeNull();
  const mutation = redriveMutation(times);
  const { operation } = await mutation.start(ctx, REDRIVE_JOB.toInput(plan, frozen), { reason: 'test' });
  const stored = async () => (await store.operations.get(operation.id)) ?? operation;
  const run = () => mutation.execute(ctx, operation);
  const resume = async () => {
    (ctx as unknown as { job: { control: JobControl } }).job.control = new JobControl();
    return mutation.resume(ctx, await stored());
  };
  const counts = () => REDRIVE_JOB.outcomes?.(store, operation) ?? {};
  const progress = async () => REDRIVE_JOB.progress?.(await stored()) ?? null;
  return { plan, operation, run, resume, counts, progress, stored };
}
