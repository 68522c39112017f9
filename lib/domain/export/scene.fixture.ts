import { createReadStream } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, vi } from 'vitest';
import type { Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import { FakeBroker } from '../redrive/fake-broker.fixture';
import { CSV_COLUMNS } from './csv-format';
import { csvRows } from './csv-text';
import { EXPORT_JOB } from './job';

const GROUP = { name: 'g', mode: 'CLUSTERING', consumeEnabled: true, topics: ['orders'], members: { unknown: 'x' } };
let clusters = 0;
/** One broker with a group, its dead letters, a folder for files, and a context of its own. */
export async function sceneOf(store: Store, letters: number, lookMs = 1000) {
  const broker = new FakeBroker().addTopic('orders');
  broker.groups.add('g');
  for (let n = 0; n < letters; n += 1) broker.bury('g', `KEY${n}`);
  const exportsDir = await mkdtemp(path.join(tmpdir(), 'redrive-exports-'));
  const control = new JobControl();
  const job = { control, exportsDir };
  clusters += 1;
  let clock = 1_000_000;
  const ctx = {
    cluster: `e${clusters}`,
    actor: actorOf('operator', { name: 'Ann' }),
    client: broker.client,
    store,
    snapshot: () => ({ groups: new Map([['g', GROUP]]), topics: new Map(), brokers: [] }),
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    // A second a look: progress is told with every letter.
    now: () => {
      clock += lookMs;
      return clock;
    },
    deadlineAt: Number.POSITIVE_INFINITY,
    requestId: 'r',
    job,
  } as unknown as Ctx;
  const plan = (format: 'jsonl' | 'csv', select: object = { all: true }) =>
    EXPORT_JOB.makePlan(ctx, { group: 'g', select, format } as never);
  const start = async (format: 'jsonl' | 'csv', select?: object) => {
    const { plan: draft, frozen } = await plan(format, select);
    expect(draft).toMatchObject({ refused: null, format });
    const input = EXPORT_JOB.toInput(draft, frozen);
    const { operation } = await EXPORT_JOB.mutation.start(ctx, input, { reason: 'test' });
    return operation;
  };
  const run = async (format: 'jsonl' | 'csv', select?: object) => {
    const ended = await EXPORT_JOB.mutation.execute(ctx, await start(format, select));
    const { file } = JSON.parse(ended.resultJson ?? '{}');
    return { ended, counts: JSON.parse(ended.countsJson ?? '{}'), file, at: path.join(exportsDir, file?.name ?? '') };
  };
  /** Called before the request that reads letters from this offset on. */
  const before = (offset: number, act: () => Promise<void> | void) => {
    const call = broker.client.call;
    broker.client.call = async (request, input, target) => {
      const { queueOffset } = (input ?? {}) as { queueOffset?: number };
      if (request.name === 'PULL_MESSAGE' && queueOffset === offset && job.control === control) await act();
      return call(request, input, target);
    };
  };
  return { broker, ctx, job, exportsDir, plan, start, run, before };
}

/** Cells by column. */
export const rowsOf = async (at: string) => {
  const rows: string[][] = [];
  for await (const row of csvRows(createReadStream(at, 'utf8'))) rows.push(row);
  const [head = [], ...rest] = rows;
  expect(head.join()).toBe(`\ufeff${CSV_COLUMNS.join()}`);
  return rest.map((row) => Object.fromEntries(CSV_COLUMNS.map((column, index) => [column, row[index]])));
};
