import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Operation } from '@/lib/store/operations';
import { readWholeLedger } from '../dead-letters/whole-ledger.fixture';
import { CSV_COLUMNS } from './csv-format';
import { EXPORT_JOB } from './job';
import { lineOf } from './jsonl-format';
import { rowsOf, sceneOf } from './scene.fixture';

const MANY = 2500;
const OPEN = { filter: { state: 'open' } };
const KEYS = Array.from({ length: MANY }, (_, n) => `KEY${n}`);
const NEWEST_FIRST = KEYS.toReversed();
const DLQ = '%DLQ%g';
/** Where a pull of the newest letters first begins in the sixth 256 of them. */
const MIDDLE = MANY - 6 * 256;

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

type Scene = Awaited<ReturnType<typeof sceneOf>>;
async function scene(): Promise<Scene> {
  const at = await sceneOf(store, MANY, 1);
  await readWholeLedger(at);
  return at;
}

const linesOf = async (at: string) =>
  (await text(createReadStream(at).pipe(createGunzip()))).trimEnd().split('\n').filter(Boolean);
const keysIn = async (at: string): Promise<string[]> =>
  at.endsWith('.csv')
    ? (await rowsOf(at)).map(({ uniqKey }) => uniqKey ?? '')
    : (await linesOf(at)).map((line) => JSON.parse(line).properties.UNIQ_KEY);
const requests = ({ broker }: Scene, name: string) => broker.log.filter(({ request }) => request === name);
const countsOf = ({ countsJson }: Operation) => JSON.parse(countsJson ?? '{}');

/** Letters below this offset are no longer on the broker. */
function expire({ broker }: Scene, below: number): void {
  const first = broker.queue(DLQ, 0)[below]?.physicalOffset ?? 0;
  const call = broker.client.call;
  broker.expiredBelow.set(`${DLQ} 0`, below);
  broker.client.call = async (request, input, target) => {
    const asked = (input ?? {}) as { queueOffset?: number; physicalOffset?: number };
    if (request.name === 'PULL_MESSAGE' && (asked.queueOffset ?? 0) < below)
      return {
        status: 'ILLEGAL',
        messages: [],
        damaged: [],
        nextBeginOffset: below,
        minOffset: below,
        maxOffset: MANY,
      };
    if (request.name === 'VIEW_MESSAGE_BY_ID' && (asked.physicalOffset ?? 0) < first) return null;
    return call(request, input, target);
  };
}

/** Runs until letters from this offset on are asked for, and never gets an answer. */
async function killAt({ broker, ctx }: Scene, offset: number, operation: Operation): Promise<Operation> {
  const call = broker.client.call;
  await new Promise<void>((resolve) => {
    broker.client.call = async (request, input, target) => {
      if (request.name !== 'PULL_MESSAGE' || (input as { queueOffset: number }).queueOffset !== offset)
        return call(request, input, target);
      resolve();
      return new Promise(() => {});
    };
    void EXPORT_JOB.mutation.execute(ctx, operation);
  });
  broker.client.call = call;
  return (await store.operations.get(operation.id)) as Operation;
}

describe.each(['jsonl', 'csv'] as const)('%s of more letters than a list takes', (format) => {
  test('everything, in the order of its queue', async () => {
    const at = await scene();
    const { ended, counts, file, at: path } = await at.run(format);
    expect(ended.state).toBe('DONE');
    expect(counts).toEqual({ EXPORTED: MANY });
    expect(file.count).toBe(MANY);
    expect(await keysIn(path)).toEqual(KEYS);
  });

  test('what a filter lets through, newest first, pulled by neighbourhood; the trail says how many', async () => {
    const at = await scene();
    at.broker.log.length = 0;
    const {
      ended,
      counts,
      file,
      at: path,
    } = await at.run(format, { filter: { state: 'open', from: 1000 + 500 * 100 } });
    expect(ended.state).toBe('DONE');
    expect(counts).toEqual({ EXPORTED: MANY - 100 });
    expect(await keysIn(path)).toEqual(NEWEST_FIRST.slice(0, MANY - 100));
    expect(requests(at, 'VIEW_MESSAGE_BY_ID').length).toBeLessThan(16);
    expect((await readdir(at.exportsDir)).sort()).toEqual([file.name, `${file.name}.manifest.json`]);
    const trail = await store.audit.list({ operationId: ended.id, limit: 10 });
    expect(trail.map(({ phase, action, outcome }) => `${phase} ${action} ${outcome}`)).toContain(
      'result dead-letters.export success',
    );
    expect(JSON.stringify(trail)).toContain(`${MANY - 100}`);
  });

  test('a filter is frozen by the plan and its words when the job begins', async () => {
    const at = await scene();
    const operation = await at.start(format, OPEN);
    at.broker.bury('g', 'LATER');
    const groupId = await readWholeLedger(at);
    let isMarked = false;
    at.before(MIDDLE, async () => {
      isMarked = true;
      await store.db.updateTable('letter').set({ state: 'handled' }).where('groupId', '=', groupId).execute();
    });
    const ended = await EXPORT_JOB.mutation.execute(at.ctx, operation);
    expect(isMarked).toBe(true);
    expect(ended.state).toBe('DONE');
    expect(countsOf(ended)).toEqual({ EXPORTED: MANY });
    expect(await keysIn(path.join(at.exportsDir, JSON.parse(ended.resultJson ?? '{}').file.name))).toEqual(
      NEWEST_FIRST,
    );
  });

  test('cancelled in the middle, or after a kill, it keeps nothing', async () => {
    const running = await scene();
    running.before(MIDDLE, () => running.job.control.request('cancel', 'Ann'));
    const { ended, counts } = await running.run(format, OPEN);
    expect(ended.state).toBe('CANCELLED');
    expect(counts).toEqual({ SKIPPED_BY_CANCEL: MANY });
    expect(await readdir(running.exportsDir)).toEqual([]);

    const killed = await scene();
    const left = await killAt(killed, MIDDLE, await killed.start(format, OPEN));
    expect((await readdir(killed.exportsDir)).map((name) => name.split('.').at(-1)).sort()).toEqual([
      'letters',
      'part',
    ]);
    killed.broker.log.length = 0;
    killed.job.control.request('cancel', 'Ann');
    const closed = await EXPORT_JOB.mutation.resume(killed.ctx, left);
    expect(closed.state).toBe('CANCELLED');
    expect(countsOf(closed)).toEqual({ SKIPPED_BY_CANCEL: MANY });
    expect(await readdir(killed.exportsDir)).toEqual([]);
    expect(killed.broker.log).toEqual([]);
  });

  test.each([
    ['a filter', OPEN, MIDDLE],
    ['everything', { all: true }, 1024],
  ])('killed in the middle it begins anew, with the letters of before: %s', async (_, select, offset) => {
    const at = await scene();
    const left = await killAt(at, offset, await at.start(format, select));
    expect(left.state).toBe('RUNNING');
    at.broker.bury('g', 'LATER');
    const groupId = await readWholeLedger(at);
    await store.db.updateTable('letter').set({ state: 'handled' }).where('groupId', '=', groupId).execute();
    const ended = await EXPORT_JOB.mutation.resume(at.ctx, left);
    expect(ended.state).toBe('DONE');
    expect(countsOf(ended)).toEqual({ EXPORTED: MANY });
    const { name } = JSON.parse(ended.resultJson ?? '{}').file;
    expect((await keysIn(path.join(at.exportsDir, name))).toSorted()).toEqual(KEYS.toSorted());
    expect((await readdir(at.exportsDir)).sort()).toEqual([name, `${name}.manifest.json`]);
  });

  test('what expired since the plan, before or while it is written, is counted; what was marked before it began as well', async () => {
    const at = await scene();
    const operation = await at.start(format, OPEN);
    expire(at, 10);
    const groupId = await readWholeLedger(at);
    const handled = store.db.updateTable('letter').set({ state: 'handled' }).where('groupId', '=', groupId);
    await handled.where('queueOffset', 'in', [20, 21]).execute();
    at.before(MIDDLE, () => expire(at, 16));
    const ended = await EXPORT_JOB.mutation.execute(at.ctx, operation);
    expect(ended).toMatchObject({ state: 'PARTIAL', errorJson: expect.stringContaining('letters_gone') });
    expect(countsOf(ended)).toEqual({ EXPORTED: MANY - 18, EXPIRED: 16, SKIPPED: 2 });

    const all = await scene();
    const whole = await all.start(format, { all: true });
    expire(all, 300);
    const rest = await EXPORT_JOB.mutation.execute(all.ctx, whole);
    expect(rest.state).toBe('PARTIAL');
    expect(countsOf(rest)).toEqual({ EXPORTED: MANY - 300, EXPIRED: 300 });
  });
});

test('a letter is written the same, byte for byte, whichever way it was chosen', async () => {
  const at = await scene();
  const [first] = at.broker.queue(DLQ, 0);
  if (!first) throw new Error('no letter');
  const ids = { ids: [`broker-a:${first.physicalOffset}`] };
  const wanted = lineOf({ broker: 'broker-a', record: first });
  for (const select of [ids, OPEN, { all: true }]) {
    const lines = await linesOf((await at.run('jsonl', select)).at);
    expect(lines.filter((line) => line.includes('"KEY0"'))).toEqual([wanted]);
  }
  const rows: string[] = [];
  for (const select of [ids, OPEN, { all: true }]) {
    const file = await readFile((await at.run('csv', select)).at, 'utf8');
    expect(file.startsWith(`\ufeff${CSV_COLUMNS.join()}\r\n`)).toBe(true);
    rows.push(...file.split('\r\n').filter((row) => row.includes(',KEY0,')));
  }
  expect(rows).toHaveLength(3);
  expect(new Set(rows).size).toBe(1);
});

describe('plan by a filter', () => {
  test('waits for the whole ledger; of expired letters there is nothing to read', async () => {
    const unread = await sceneOf(store, MANY, 1);
    await expect(unread.plan('csv', OPEN)).rejects.toMatchObject({ code: 'INVALID', key: 'ledger_unread' });
    await readWholeLedger(unread);
    expect((await unread.plan('csv', OPEN)).plan).toMatchObject({ count: MANY, refused: null });
    expire(unread, 10);
    await readWholeLedger(unread);
    expect((await unread.plan('csv', OPEN)).plan).toMatchObject({ count: MANY - 10 });
    expect((await unread.plan('csv', { filter: { state: 'expired' } })).plan).toMatchObject({
      count: 0,
      refused: { key: 'nothing_selected' },
    });
  });

  test('is stale when letters were marked since or the queue began again, not when others died or some expired', async () => {
    const at = await scene();
    const { plan, frozen } = await at.plan('jsonl', OPEN);
    const recheck = async () => EXPORT_JOB.recheck?.(at.ctx, plan, JSON.parse(JSON.stringify(frozen)));
    at.broker.bury('g', 'LATER');
    expire(at, 5);
    const groupId = await readWholeLedger(at);
    await recheck();
    const handled = store.db.updateTable('letter').set({ state: 'handled' }).where('groupId', '=', groupId);
    await handled.where('queueOffset', '=', 100).execute();
    await expect(recheck()).rejects.toMatchObject({ code: 'PLAN_STALE', key: 'selection_changed' });
  });

  test('is stale when the queue was deleted and others took the same offsets', async () => {
    const at = await scene();
    const { plan, frozen } = await at.plan('jsonl', OPEN);
    at.broker.queues.delete(`${DLQ} 0`);
    for (let n = 0; n < MANY; n += 1) at.broker.bury('g', `OTHER${n}`);
    await expect(EXPORT_JOB.recheck?.(at.ctx, plan, frozen)).rejects.toMatchObject({ key: 'letters_replaced' });
  });
});
