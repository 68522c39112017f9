import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Selection } from '@/lib/contract/plans';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Ctx } from '../ctx';
import { readLetterQueues } from '../dead-letters/queues';
import { readLedger } from '../dead-letters/read-ledger';
import { JobControl } from '../jobs/control';
import { runJob } from '../jobs/run-job';
import { type Scene, sceneOf } from '../redrive/scene.fixture';
import { HANDLE_JOB, REOPEN_JOB } from './job';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

/** Dead letters of tags A and B in turn, all of them in the ledger. */
async function scene(letters: number): Promise<Scene> {
  const at = sceneOf(store, 0);
  die(at, letters);
  await readAll(at);
  return at;
}
function die({ broker }: Scene, count: number): void {
  for (let n = 0; n < count; n += 1) broker.bury('g', `K${n}`, { TAGS: n % 2 === 0 ? 'A' : 'B' });
}
async function readAll({ ctx }: Scene): Promise<void> {
  await readLedger(ctx, 'g', (await readLetterQueues(ctx, 'g')).queues, 1_000_000);
}

const filtered = (filter: object) => ({ filter: { state: 'all', ...filter } }) as Selection;
const EVERYTHING: Selection = { all: true };

/** Planned and in the journal; `run` in one console after the other. */
async function startOf({ ctx }: Scene, job: typeof HANDLE_JOB, select: Selection) {
  const { plan, frozen } = await job.makePlan(ctx, { group: 'g', select });
  expect(plan.refused).toBeNull();
  const input = job.toInput(plan, JSON.parse(JSON.stringify(frozen)));
  const start = async () => (await job.mutation.start(ctx, input, { reason: 'test' })).operation.id;
  return { plan, start };
}
async function run({ ctx }: Scene, job: typeof HANDLE_JOB, id: string, over: Partial<Ctx> = {}) {
  const operation = await store.operations.get(id);
  if (!operation) throw new Error('no such operation');
  const control = new JobControl();
  const within = { ...ctx, job: { control, exportsDir: '' }, ...over };
  const ended = await runJob(within as never, operation, job.mutation);
  return { state: ended.state, counts: JSON.parse(ended.countsJson ?? '{}') };
}
async function carryOut(at: Scene, job: typeof HANDLE_JOB, select: Selection) {
  const { plan, start } = await startOf(at, job, select);
  return { plan, ...(await run(at, job, await start())) };
}

/** Transactions one by one; the first is the one in which the job is taken over. */
function storeThat(before: (n: number, commit: () => Promise<unknown>) => Promise<unknown>): Partial<Ctx> {
  let n = 0;
  const transaction = (work: Parameters<Store['transaction']>[0]) => before(n++, () => store.transaction(work));
  return { store: { ...store, transaction } as Store };
}
const cancelAfter = (pages: number) => {
  const control = new JobControl();
  const over = storeThat(async (n, commit) => {
    const answer = await commit();
    if (n === pages) control.request('cancel', 'Ann');
    return answer;
  });
  return { ...over, job: { control, exportsDir: '' } } as Partial<Ctx>;
};

async function wordsOf({ ctx }: Scene): Promise<Record<string, number>> {
  const groupId = await store.letters.groupId(ctx.cluster, 'g');
  const { rows } = await sql<{ wrong: number }>`
    select count(*) as "wrong" from "letter" l join "letterWord" w on w."id" = l."id" where l."groupId" = ${groupId}
      and l."goneAt" is null and (l."state" is not w."state" or l."jobId" is not w."jobId" or l."handledBy" is not w."handledBy")`.execute(
    store.db,
  );
  expect(rows[0]?.wrong, 'words that the journal does not say').toBe(0);
  return store.letters.countsByState(groupId);
}
async function marksOf(operationId: string): Promise<number> {
  const rows = await store.db.selectFrom('handled').select('id').where('operationId', '=', operationId).execute();
  return rows.length;
}

test('a filter marks any number of letters as of the plan, each with a row of its own, and takes them back', async () => {
  const at = await scene(20_000);
  const { plan, start } = await startOf(at, HANDLE_JOB, filtered({ state: 'open', tag: 'A' }));
  expect(plan).toMatchObject({ count: 10_000, leftOut: [] });
  die(at, 2);
  await readAll(at);
  const id = await start();
  expect(await run(at, HANDLE_JOB, id)).toEqual({ state: 'DONE', counts: { HANDLED: 10_000 } });
  expect(await marksOf(id)).toBe(10_000);
  expect(await wordsOf(at)).toEqual({ handled: 10_000, dead: 10_002 });
  const trail = await store.audit.list({ operationId: id, limit: 10 });
  expect(trail.map(({ phase, countsJson }) => [phase, countsJson])).toContainEqual(['result', '{"HANDLED":10000}']);

  const rest = await carryOut(at, HANDLE_JOB, filtered({}));
  expect(rest.plan).toMatchObject({ count: 10_002, leftOut: [{ reason: 'already_handled', count: 10_000 }] });
  expect(rest).toMatchObject({ state: 'DONE', counts: { HANDLED: 10_002 } });
  const back = await carryOut(at, REOPEN_JOB, filtered({ state: 'handled', tag: 'A' }));
  expect(back).toMatchObject({ state: 'DONE', counts: { REOPENED: 10_001 } });
  expect(await wordsOf(at)).toEqual({ handled: 10_001, dead: 10_001 });
}, 60_000);

test('everything is marked as of the plan, and taken back; marks made since the plan stay', async () => {
  const at = await scene(3500);
  await carryOut(at, HANDLE_JOB, filtered({ tag: 'B', to: 100_000 }));
  const { plan, start } = await startOf(at, HANDLE_JOB, EVERYTHING);
  expect(plan.count).toBe(3500);
  die(at, 3);
  await readAll(at);
  expect(await run(at, HANDLE_JOB, await start())).toEqual({ state: 'DONE', counts: { HANDLED: 3500 } });
  expect(await wordsOf(at)).toEqual({ handled: 3500, dead: 3 });

  const reopen = await startOf(at, REOPEN_JOB, EVERYTHING);
  const one = await carryOut(at, HANDLE_JOB, filtered({ state: 'open', tag: 'B' }));
  expect(one.counts).toEqual({ HANDLED: 1 });
  expect((await run(at, REOPEN_JOB, await reopen.start())).state).toBe('DONE');
  expect(await wordsOf(at)).toEqual({ handled: 1, dead: 3502 });
  await carryOut(at, REOPEN_JOB, EVERYTHING);
  expect(await wordsOf(at)).toEqual({ dead: 3503 });
}, 60_000);

test('what died after its topic was deleted is marked by a filter, and reopened, although a mark of all had covered its offsets', async () => {
  const at = await scene(20);
  await carryOut(at, HANDLE_JOB, EVERYTHING);
  at.broker.queues.delete('%DLQ%g 0');
  die(at, 6);
  await readAll(at);
  expect(await wordsOf(at)).toEqual({ dead: 6 });
  const { plan, counts } = await carryOut(at, HANDLE_JOB, filtered({ state: 'open', tag: 'A' }));
  expect([plan.count, counts]).toEqual([3, { HANDLED: 3 }]);
  expect(await wordsOf(at)).toEqual({ handled: 3, dead: 3 });
  const back = await carryOut(at, REOPEN_JOB, filtered({ state: 'handled' }));
  expect(back.counts).toEqual({ REOPENED: 3 });
  expect(await wordsOf(at)).toEqual({ dead: 6 });
});

test.each([
  ['a filter', filtered({}), 6],
  // Marks of single letters come first, and here there are none.
  ['everything', EVERYTHING, 7],
])(
  '%s: cancelled in the middle, what was done is counted and stands, and so does the rest',
  async (_, select, pages) => {
    const at = await scene(4500);
    const { start } = await startOf(at, HANDLE_JOB, select);
    const cancelled = await run(at, HANDLE_JOB, await start(), cancelAfter(4));
    expect(cancelled).toEqual({ state: 'CANCELLED', counts: { HANDLED: 2000, SKIPPED_BY_CANCEL: 2500 } });
    expect(await wordsOf(at)).toEqual({ handled: 2000, dead: 2500 });
    const rest = await carryOut(at, HANDLE_JOB, select);
    expect(rest).toMatchObject({ state: 'DONE', counts: { HANDLED: 2500 } });
    expect(await wordsOf(at)).toEqual({ handled: 4500 });

    const back = await startOf(at, REOPEN_JOB, EVERYTHING);
    expect(back.plan.count).toBe(4500);
    const stopped = await run(at, REOPEN_JOB, await back.start(), cancelAfter(pages));
    expect(stopped).toEqual({ state: 'CANCELLED', counts: { REOPENED: 3000, SKIPPED_BY_CANCEL: 1500 } });
    expect(await wordsOf(at)).toEqual({ handled: 1500, dead: 3000 });
    expect((await carryOut(at, REOPEN_JOB, EVERYTHING)).counts).toEqual({ REOPENED: 1500 });
    expect(await wordsOf(at)).toEqual({ dead: 4500 });
  },
  60_000,
);

test('a console killed before or after any commit goes on where the journal stands, and counts nothing twice', async () => {
  for (const [job, word, select] of [
    [HANDLE_JOB, 'HANDLED', filtered({})],
    [REOPEN_JOB, 'REOPENED', filtered({ state: 'handled' })],
    [HANDLE_JOB, 'HANDLED', EVERYTHING],
    [REOPEN_JOB, 'REOPENED', EVERYTHING],
  ] as const) {
    const at = await scene(2500);
    if (job === REOPEN_JOB) await carryOut(at, HANDLE_JOB, select === EVERYTHING ? EVERYTHING : filtered({}));
    const { start } = await startOf(at, job, select);
    const id = await start();
    for (const isCommitted of [false, true, false, true]) {
      await new Promise<void>((killed) => {
        const dying = storeThat(async (n, commit) => {
          if (n === 1 && isCommitted) await commit();
          if (n === 0) return commit();
          killed();
          return new Promise(() => {});
        });
        void run(at, job, id, dying);
      });
    }
    const ended = await run(at, job, id);
    expect(ended, `${word} ${JSON.stringify(select)}`).toEqual({ state: 'DONE', counts: { [word]: 2500 } });
    expect(await wordsOf(at)).toEqual({ [word === 'HANDLED' ? 'handled' : 'dead']: 2500 });
  }
}, 60_000);

test.each([40, 90, 130])(
  'a mark of all ends with its topic: %i new ones that take the offsets are open',
  async (count) => {
    const at = await scene(100);
    await carryOut(at, HANDLE_JOB, EVERYTHING);
    at.broker.queues.delete('%DLQ%g 0');
    die(at, count);
    await readAll(at);
    expect(await store.letters.countsByState(await store.letters.groupId(at.ctx.cluster, 'g'))).toEqual({
      dead: count,
    });
    const again = await carryOut(at, HANDLE_JOB, EVERYTHING);
    expect(again).toMatchObject({ plan: { count }, counts: { HANDLED: count } });
    expect(await wordsOf(at)).toEqual({ handled: count });
  },
);

test('a plan says what it leaves out and why; a ledger that is not read cannot be chosen from', async () => {
  const at = await scene(40);
  const refused = async (job: typeof HANDLE_JOB, select: Selection) =>
    (await job.makePlan(at.ctx, { group: 'g', select })).plan;
  expect(await refused(REOPEN_JOB, filtered({}))).toMatchObject({
    count: 0,
    leftOut: [{ reason: 'not_handled', count: 40 }],
    refused: { key: 'nothing_selected' },
  });
  await carryOut(at, HANDLE_JOB, filtered({ tag: 'A' }));
  await carryOut(at, HANDLE_JOB, EVERYTHING);
  die(at, 2);
  await readAll(at);
  expect(await refused(REOPEN_JOB, filtered({}))).toMatchObject({
    count: 0,
    leftOut: [
      { reason: 'not_handled', count: 2 },
      { reason: 'handled_with_all', count: 40 },
    ],
  });
  expect(await refused(HANDLE_JOB, filtered({ q: 'nothing' }))).toMatchObject({ count: 0, leftOut: [] });
  die(at, 3000);
  await expect(HANDLE_JOB.makePlan(at.ctx, { group: 'g', select: filtered({}) })).rejects.toMatchObject({
    key: 'ledger_unread',
  });
});
