import { expect, vi } from 'vitest';
import type { RedrivePlanInput } from '@/lib/contract/plans';
import type { Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import { FakeBroker } from './fake-broker.fixture';
import { REDRIVE_JOB, redriveMutation } from './job';
import { planRedrive } from './plan';
import type { RedriveTimes } from './run-context';

export const TIMES: RedriveTimes = {
  sendMs: 50,
  settleMs: 0,
  patienceMs: 200,
  backOffMs: 0,
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

let clusters = 0;
/** One broker with a group, its dead letters, and a context of its own. */
export function sceneOf(store: Store, letters: number) {
  const broker = new FakeBroker().addTopic('%RETRY%g').addTopic('orders', 4);
  broker.groups.add('g');
  broker.subscribers.set('orders', ['g', 'audit']);
  for (let n = 0; n < letters; n += 1) broker.bury('g', `KEY${n}`);
  const control = new JobControl();
  const group: Record<string, unknown> = { ...GROUP };
  const snapshot = { groups: new Map([['g', group]]), topics: new Map(), brokers: [] };
  clusters += 1;
  const ctx = {
    cluster: `c${clusters}`,
    actor: actorOf('admin'),
    client: broker.client,
    store,
    snapshot: () => snapshot,
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    now: Date.now,
    deadlineAt: Number.POSITIVE_INFINITY,
    requestId: 'r',
    maxRate: 500,
    job: { control, exportsDir: '' },
  } as unknown as Ctx;
  return { store, broker, control, ctx, group };
}
export type Scene = ReturnType<typeof sceneOf>;

export const all = { select: { all: true as const }, rate: 500, group: 'g' };

/** A redrive of everything, planned and in the journal. */
export async function redriveOf({ store, ctx }: Scene, asked: Partial<RedrivePlanInput> = {}) {
  const { plan, frozen } = await planRedrive(ctx, { ...all, target: { kind: 'group' }, ...asked });
  expect(plan.refused).toBeNull();
  const mutation = redriveMutation(TIMES);
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
