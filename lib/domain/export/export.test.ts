import { createReadStream } from 'node:fs';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { createGunzip, deflateSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { JobControl } from '../jobs/control';
import { verifyArchive } from './archive';
import { CSV } from './csv-format';
import { EXPORT_JOB } from './job';
import { rowsOf, sceneOf } from './scene.fixture';

let store: Store;
beforeAll(async () => {
  store = await openStore({ dir: freshDir() });
});
afterAll(() => store.close());

const scene = (letters = 0) => sceneOf(store, letters);

test('JSONL holds every byte of a body as it is stored, compressed or not', async () => {
  const { broker, run } = await scene();
  const bodies = [Buffer.from([0, 255, 128, 10, 13, 34]), deflateSync(Buffer.from('{"a":1}')), Buffer.from('=1+1')];
  for (const [n, storedBody] of bodies.entries())
    broker
      .addTopic('%DLQ%g')
      .put('%DLQ%g', { storedBody, sysFlag: n === 1 ? 1 : 0, properties: { UNIQ_KEY: `K${n}` } });
  const { ended, counts, file, at } = await run('jsonl');
  expect(ended.state).toBe('DONE');
  expect(counts).toEqual({ EXPORTED: 3 });
  expect(file.name).toMatch(/\.jsonl\.gz$/);
  const lines = (await text(createReadStream(at).pipe(createGunzip()))).trimEnd().split('\n');
  const saved = lines.map((line) => JSON.parse(line));
  expect(saved.map(({ body }) => Buffer.from(body, 'base64'))).toEqual(bodies);
  expect(saved.map(({ sysFlag }) => sysFlag)).toEqual([0, 1, 0]);
});

test('CSV: place, ids, times, cause, state and body of every letter; no cell is a formula', async () => {
  const { broker, run } = await scene();
  const bury = (properties: Record<string, string>, storedBody: Buffer, sysFlag = 0) =>
    broker.addTopic('%DLQ%g').put('%DLQ%g', {
      reconsumeTimes: 16,
      bornAt: 1_700_000_000_000,
      storedAt: 1_700_000_060_000,
      storedBody,
      sysFlag,
      properties: { RETRY_TOPIC: 'orders', ...properties },
    });
  const formula = '=HYPERLINK("http://x","y")';
  bury({ UNIQ_KEY: 'A', KEYS: '@k1 k2', TAGS: '+t', errorType: '=cmd|x' }, Buffer.from(formula));
  bury({ UNIQ_KEY: 'B' }, deflateSync(Buffer.from('two\r\nlines, "quoted"')), 1);
  bury({ UNIQ_KEY: 'C' }, Buffer.from([0, 1, 2, 255]));
  bury({ UNIQ_KEY: 'D' }, Buffer.from('not deflated'), 1);
  const { ended, file, at } = await run('csv');
  expect(ended.state).toBe('DONE');
  expect(file).toMatchObject({ count: 4, name: expect.stringMatching(/\.csv$/) });
  const trail = await store.audit.list({ operationId: ended.id, limit: 10 });
  const { name, bytes, sha256 } = file;
  expect(JSON.parse(trail.find(({ phase }) => phase === 'result')?.paramsJson ?? '{}').file).toEqual({
    name,
    bytes,
    sha256,
    count: 4,
  });
  const rows = await rowsOf(at);
  expect(rows[0]).toEqual({
    broker: 'broker-a',
    queueId: '0',
    queueOffset: '0',
    physicalOffset: String(broker.queue('%DLQ%g', 0)[0]?.physicalOffset),
    msgId: broker.queue('%DLQ%g', 0)[0]?.offsetMessageId,
    uniqKey: 'A',
    keys: "'@k1 k2",
    tag: "'+t",
    originTopic: 'orders',
    bornAt: '2023-11-14T22:13:20.000Z',
    diedAt: '2023-11-14T22:14:20.000Z',
    attempts: '16',
    cause: "'=cmd|x",
    state: 'dead',
    bodyAs: 'text',
    body: `'${formula}`,
  });
  expect(rows.slice(1).map(({ bodyAs, body }) => [bodyAs, body])).toEqual([
    ['text', 'two\r\nlines, "quoted"'],
    ['base64', Buffer.from([0, 1, 2, 255]).toString('base64')],
    ['base64-stored', Buffer.from('not deflated').toString('base64')],
  ]);
});

test('CSV of a selection holds exactly that', async () => {
  const { broker, run } = await scene(4);
  const ids = [1, 3].map((n) => `broker-a:${broker.queue('%DLQ%g', 0)[n]?.physicalOffset}`);
  const { counts, at } = await run('csv', { ids });
  expect(counts).toEqual({ EXPORTED: 2 });
  expect((await rowsOf(at)).map(({ uniqKey }) => uniqKey).sort()).toEqual(['KEY1', 'KEY3']);
});

test('a CSV that was cut off or changed on disk does not verify', async () => {
  const { run, exportsDir } = await scene(3);
  const { file, at } = await run('csv');
  const manifest = JSON.parse(await readFile(`${at}.manifest.json`, 'utf8'));
  await verifyArchive(exportsDir, manifest, CSV);
  const whole = await readFile(at, 'utf8');
  const { createHash } = await import('node:crypto');
  const verifyAs = async (content: string) => {
    await writeFile(at, content);
    const sha256 = createHash('sha256').update(content).digest('hex');
    return verifyArchive(exportsDir, { ...manifest, name: file.name, sha256 }, CSV);
  };
  await expect(verifyAs(whole.slice(0, whole.lastIndexOf('broker-a')))).rejects.toThrow('reads back');
  await expect(verifyAs(whole.slice(0, -3))).rejects.toThrow();
  await truncate(at, 10);
  await expect(verifyArchive(exportsDir, manifest, CSV)).rejects.toThrow('sha256');
});

test('while it is written the job says how many of all are', async () => {
  const { ctx, before, start } = await scene(300);
  const operation = await start('jsonl');
  const seen: unknown[] = [];
  before(256, async () => {
    const now = await store.operations.get(operation.id);
    seen.push(JSON.parse(now?.countsJson ?? 'null'), now && EXPORT_JOB.exported?.(now));
  });
  const ended = await EXPORT_JOB.mutation.execute(ctx, operation);
  expect(seen).toEqual([
    { EXPORTED: 256, PENDING: 44 },
    { written: 256, of: 300 },
  ]);
  expect(EXPORT_JOB.exported?.(ended)).toBeNull();
});

test('cancelled it keeps no file; stopped by a shutdown it begins anew and ends whole', async () => {
  const cancelled = await scene(300);
  cancelled.before(256, () => cancelled.job.control.request('cancel', 'Ann'));
  const { ended, counts } = await cancelled.run('csv');
  expect(ended.state).toBe('CANCELLED');
  expect(counts).toEqual({ SKIPPED_BY_CANCEL: 300 });
  expect(await readdir(cancelled.exportsDir)).toEqual([]);

  const stopped = await scene(300);
  stopped.before(256, () => stopped.job.control.request('stop', ''));
  const operation = await stopped.start('csv');
  const paused = await EXPORT_JOB.mutation.execute(stopped.ctx, operation);
  expect(paused).toMatchObject({ state: 'PAUSED', errorJson: expect.stringContaining('server_stopped') });
  expect(await readdir(stopped.exportsDir)).toEqual([]);
  stopped.job.control = new JobControl();
  const again = await EXPORT_JOB.mutation.resume(stopped.ctx, paused);
  expect(again.state).toBe('DONE');
  const { file } = JSON.parse(again.resultJson ?? '{}');
  expect(await rowsOf(path.join(stopped.exportsDir, file.name))).toHaveLength(300);
});

test('C34 a file of who is under a masking rule holds no hidden part; whole bodies of other topics stay', async () => {
  const { broker, ctx, run } = await scene();
  const rule = {
    name: 'personal',
    clusters: ['*'],
    topics: ['orders'],
    hide: ['keys', 'body.mail', 'properties.err*'],
  };
  Object.assign(ctx, { maskRules: [rule] });
  const bury = (origin: string, body: string) =>
    broker.addTopic('%DLQ%g').put('%DLQ%g', {
      storedBody: Buffer.from(body),
      properties: { UNIQ_KEY: origin, KEYS: 'canary', RETRY_TOPIC: origin, errorType: 'canary' },
    });
  bury('orders', '{"mail":"canary","n":1}');
  bury('orders', 'canary');
  bury('stock', '{"mail":"open"}');
  const jsonl = await run('jsonl');
  const lines = (await text(createReadStream(jsonl.at).pipe(createGunzip()))).trimEnd().split('\n');
  const bodies = lines.map((line) => Buffer.from(JSON.parse(line).body, 'base64').toString());
  expect(bodies).toEqual(['{"mail":"•••","n":1}', '', '{"mail":"open"}']);
  expect(lines.map((line) => JSON.parse(line).masked)).toEqual([
    ['keys', 'body.mail', 'properties.KEYS', 'properties.errorType'],
    ['keys', 'body', 'properties.KEYS', 'properties.errorType'],
    undefined,
  ]);
  const csv = await run('csv');
  const rows = await rowsOf(csv.at);
  expect(rows.map(({ keys, cause, bodyAs, body }) => [keys, cause, bodyAs, body])).toEqual([
    ['•••', '•••', 'text', '{"mail":"•••","n":1}'],
    ['•••', '•••', 'masked', ''],
    ['canary', 'canary', 'text', '{"mail":"open"}'],
  ]);
  expect(JSON.parse(csv.ended.inputJson).what.masks).toEqual([rule]);
});
