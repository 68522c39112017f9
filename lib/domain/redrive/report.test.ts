import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JobItem } from '@/lib/contract/jobs';
import { StoreError } from '@/lib/store/errors';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import type { Operation } from '@/lib/store/operations';
import type { Ctx } from '../ctx';
import { JobControl } from '../jobs/control';
import { resultOf } from '../jobs/job-spec';
import { redriveMutation } from './job';
import { withReport } from './report';
import { redriveOf, type Scene, sceneOf, TIMES } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

async function reportOf({ exportsDir }: Scene, ended: Operation) {
  const { file } = resultOf(ended);
  if (!file) throw new Error(`no report: ${ended.resultJson}`);
  const bytes = readFileSync(path.join(exportsDir, file.name));
  expect(file).toMatchObject({ bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
  const [first = '', ...lines] = gunzipSync(bytes).toString().trimEnd().split('\n');
  const letters = lines.map((line) => JSON.parse(line) as JobItem);
  expect(file.count).toBe(letters.length);
  const entry = (await store.audit.list({ operationId: ended.id, limit: 50 })).find(({ phase }) => phase === 'result');
  return { job: JSON.parse(first).job, letters, file, audited: JSON.parse(entry?.paramsJson ?? '{}').file };
}

test('a report has a line for the job and one for each letter, and its hash stands in the audit trail', async () => {
  const at = sceneOf(store, 900, 2);
  const { operation, run } = await redriveOf(at);
  const { job, letters, file, audited } = await reportOf(at, await run());
  expect(job).toMatchObject({ id: operation.id, group: 'g', state: 'DONE', outcomes: { CONFIRMED: 900 }, note: null });
  expect(letters.map(({ n }) => n)).toEqual(Array.from({ length: 900 }, (_, n) => n));
  expect(new Set(letters.map(({ evidence }) => evidence.offsetMsgId)).size).toBe(900);
  expect(audited).toEqual({ name: file.name, bytes: file.bytes, sha256: file.sha256, count: 900 });
});

test('a job that pauses has none; once it is cancelled its report accounts for what was not sent', async () => {
  const at = sceneOf(store, 3);
  const { operation, run, stored } = await redriveOf(at);
  at.control.request('pause', 'Ann');
  const paused = await run();
  expect([paused.state, resultOf(paused).file]).toEqual(['PAUSED', undefined]);
  expect(readdirSync(at.exportsDir).filter((name) => name.includes(operation.id))).toEqual([]);
  const control = new JobControl();
  control.request('cancel', 'Ann');
  const within = { ...at.ctx, job: { control, exportsDir: at.exportsDir } } as Ctx;
  const { job, letters } = await reportOf(at, await redriveMutation(TIMES).resume(within, await stored()));
  expect(job).toMatchObject({ state: 'CANCELLED', outcomes: { SKIPPED_BY_CANCEL: 3 }, note: { key: 'cancelled_by' } });
  expect(letters.map(({ state }) => state)).toEqual(Array(3).fill('SKIPPED_BY_CANCEL'));
});

test('letters that cannot be read for it leave no file behind, and the outcome as it is', async () => {
  const at = sceneOf(store, 2);
  const { operation } = await redriveOf(at);
  const page = async () => {
    throw new StoreError('UNAVAILABLE', 'the disk does not answer');
  };
  const unreadable = { ...store, items: { ...store.items, page } };
  const ended = await redriveMutation(TIMES, (ctx, ...rest) =>
    withReport({ ...ctx, store: unreadable }, ...rest),
  ).execute(at.ctx, operation);
  expect([ended.state, resultOf(ended)]).toEqual(['DONE', { fileProblem: 'UNAVAILABLE' }]);
  expect(readdirSync(at.exportsDir).filter((name) => name.includes(operation.id))).toEqual([]);
});

test('a report that cannot be written leaves the outcome as it is, and the job says why', async () => {
  const at = sceneOf(store, 2);
  Object.assign((at.ctx as unknown as { job: object }).job, { exportsDir: path.join(at.exportsDir, 'gone') });
  const { run, counts } = await redriveOf(at);
  const ended = await run();
  expect([ended.state, resultOf(ended)]).toEqual(['DONE', { fileProblem: 'ENOENT' }]);
  expect(await counts()).toEqual({ CONFIRMED: 2 });
});
