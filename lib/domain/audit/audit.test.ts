import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type auditExportQuery, auditQuery } from '@/lib/contract/audit';
import { hashOf } from '@/lib/store/audit-chain';
import { anAuditEntry, anOperation, freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from '../actors.fixture';
import type { Ctx } from '../ctx';
import { chainWatch, noteHead, verifyChain } from './chain';
import { exportAudit } from './export';
import { getAuditEntry } from './get';
import { listAudit } from './list';
import { recordAudit, recordBodyRead } from './record';

const NOW = 1_800_000_000_000;
const HOUR_MS = 3_600_000;
let store: Store;
let ctx: Ctx;
beforeEach(async () => {
  store = await openStore({ dir: freshDir() });
  ctx = {
    cluster: 'demo',
    actor: actorOf('operator', { id: 'ann', name: 'Ann', ip: '10.0.0.7' }),
    store,
    now: () => NOW,
    requestId: 'req-9',
  } as unknown as Ctx;
});
afterEach(() => store.close());

const put = (over: Parameters<typeof anAuditEntry>[0]) =>
  store.audit.append(anAuditEntry({ cluster: 'demo', ...over }));
const list = async (query: object) => {
  const reply = await listAudit(ctx, auditQuery.parse(query));
  return { ...reply, seqs: reply.items.map(({ seq }) => seq) };
};

test('who may read it for some groups sees the entries of these groups and of nothing else', async () => {
  const grant = { allow: ['audit:read' as const], clusters: ['*'], groups: ['crm-*'], topics: [] };
  const names = ['crm-sync', 'orders', 'CRM-x', 'crm-a'];
  for (const resourceName of names) await put({ resourceType: 'group', resourceName, actorId: resourceName });
  await put({ resourceType: 'topic', resourceName: 'crm-topic' });
  await put({ cluster: null, action: 'session.sign-in', resourceType: 'account', resourceName: 'crm-somebody' });
  await put({ cluster: 'other', resourceType: 'group', resourceName: 'crm-sync' });
  ctx.actor = actorOf('viewer', { grants: [grant] });
  const seen = await list({});
  expect([seen.seqs, seen.total, seen.actors.map(({ id }) => id).sort()]).toEqual([[4, 1], 2, ['crm-a', 'crm-sync']]);
  expect((await list({ q: 'orders' })).seqs).toEqual([]);
  ctx.actor = actorOf('viewer', { grants: [grant], within: { ...grant, groups: ['*-sync'] } });
  expect((await list({})).seqs).toEqual([1]);
  expect((await getAuditEntry(ctx, { seq: 1 })).chain).toMatchObject({ previous: null, next: null });
  for (const seq of [2, 4, 5, 6, 7])
    await expect(getAuditEntry(ctx, { seq })).rejects.toMatchObject({ key: 'unknown_audit_entry' });
});

test('every filter narrows the list, pages follow by seq, and other clusters are not shown', async () => {
  await put({ at: NOW - 48 * HOUR_MS, actorId: 'bob', actorName: 'Bob', operationId: '01AAA' });
  await put({ at: NOW - HOUR_MS, phase: 'result', outcome: 'success', operationId: '01AAA', requestId: 'job-01AAA' });
  await put({ at: NOW - HOUR_MS, cluster: 'other', actorId: 'eve', actorName: 'Eve' });
  await put({
    at: NOW - 10,
    cluster: null,
    action: 'session.sign-in',
    resourceType: 'console',
    resourceName: 'console',
  });
  await put({ at: NOW - 5, action: 'dead-letters.purge', outcome: 'denied', resourceName: 'crm-sync' });
  expect(await list({})).toMatchObject({ seqs: [5, 4, 2, 1], total: 4, nextCursor: null, chain: null });
  expect((await list({ who: 'Bob' })).seqs).toEqual([1]);
  expect((await list({ who: 'bob' })).seqs).toEqual([1]);
  expect((await list({ action: 'session.sign-in' })).seqs).toEqual([4]);
  expect((await list({ outcome: 'denied' })).seqs).toEqual([5]);
  expect((await list({ resource: 'crm-sync' })).seqs).toEqual([5]);
  expect((await list({ q: '01aaa' })).seqs).toEqual([2, 1]);
  expect((await list({ last: '24h' })).seqs).toEqual([5, 4, 2]);
  expect((await list({ from: NOW - 20, to: NOW - 5 })).seqs).toEqual([4]);
  const page = await list({ limit: 2 });
  expect(page).toMatchObject({
    seqs: [5, 4],
    total: 4,
    nextCursor: '4',
    actors: [{ id: 'bob', name: 'Bob' }, { id: 'local' }],
  });
  expect(await list({ limit: 2, cursor: page.nextCursor })).toMatchObject({
    seqs: [2, 1],
    nextCursor: null,
    actors: [],
  });
});

test('an entry of a reset tells both phases, what each queue was and became, and how it is chained', async () => {
  await store.operations.insert(anOperation('01RESET', { state: 'PARTIAL', reason: 'replay', planId: 'p1' }));
  const queue = {
    operationId: '01RESET',
    topic: 't',
    broker: 'b',
    minBefore: 0,
    maxBefore: 90,
    targetStoredAt: null,
    request: null,
    intentAt: null,
    appliedAt: null,
    resultCode: null,
    result: null,
    verifiedOffset: null,
    verifiedAt: null,
  };
  await store.resetQueues.insertMany([
    { ...queue, queueId: 0, committedBefore: 50, targetOffset: 20, state: 'APPLIED' },
    { ...queue, queueId: 1, committedBefore: null, targetOffset: 20, state: 'APPLIED' },
    { ...queue, queueId: 2, committedBefore: 10, targetOffset: 90, state: 'APPLIED_THEN_MOVED' },
    { ...queue, queueId: 3, committedBefore: 90, targetOffset: 1, state: 'FAILED' },
  ]);
  const of = { operationId: '01RESET', action: 'offsets.reset' };
  await put({ ...of, paramsJson: '{"reason":"replay","to":{"kind":"earliest"}}', sessionHash: 'ab' });
  await put({
    ...of,
    phase: 'result',
    outcome: 'partial',
    countsJson: '{"APPLIED":3,"FAILED":1}',
    paramsJson: '{"file":{"sha256":"ab"}}',
  });
  expect(await getAuditEntry(ctx, { seq: 1 })).toMatchObject({
    entry: { seq: 1, reason: 'replay', sessionHash: 'ab', params: { to: { kind: 'earliest' } } },
    entries: [
      { seq: 1, phase: 'intent', outcome: 'allowed' },
      { seq: 2, phase: 'result', outcome: 'partial', counts: { APPLIED: 3, FAILED: 1 } },
    ],
    job: { id: '01RESET', planId: 'p1', reason: 'replay' },
    change: {
      total: 4,
      replay: 30,
      skip: 80,
      queues: [
        { queueId: 2, before: 10, after: 90, isWritten: true },
        { queueId: 0, before: 50, after: 20, isWritten: true },
        { queueId: 1, before: null, after: 20 },
        { queueId: 3, isWritten: false },
      ],
    },
    chain: { isWhole: true, verifiedAt: null, previous: null, next: 2 },
  });
  const params = { to: { kind: 'earliest' }, file: { sha256: 'ab' } };
  expect((await getAuditEntry(ctx, { seq: 2 })).entry).toMatchObject({ seq: 2, params });
  await put({ cluster: 'other' });
  for (const seq of [3, 4])
    await expect(getAuditEntry(ctx, { seq })).rejects.toMatchObject({ key: 'unknown_audit_entry' });
});

test('C29 a walk that several ask for is one, is remembered, and names what was cut off or changed under its eyes', async () => {
  for (let n = 0; n < 600; n++) await put({ at: n });
  const walks = [verifyChain(store, ctx.now), verifyChain(store, ctx.now)];
  expect(walks[0]).toBe(walks[1]);
  const [verdict] = await Promise.all(walks.map(({ ended }) => ended));
  expect(verdict).toMatchObject({ isIntact: true, rows: 600 });
  expect((await list({})).chain).toEqual({ at: NOW, rows: 600, broken: null });
  expect((await getAuditEntry(ctx, { seq: 600 })).chain).toMatchObject({ isWhole: true, verifiedAt: NOW });

  for (const trigger of ['auditNo_update', 'auditNo_delete', 'auditAtEnd'])
    await sql.raw(`drop trigger "${trigger}"`).execute(store.db);
  await put({ at: 601 });
  await noteHead(store);
  await store.db.deleteFrom('audit').where('seq', '=', 601).execute();
  await noteHead(store);
  await verifyChain(store, ctx.now).ended;
  expect((await list({})).chain?.broken).toEqual({ seq: 601, problem: 'TAIL_MISSING', since: null });

  // Whoever cuts the end may leave it to the console to go on from there.
  await put({ at: 777 });
  await verifyChain(store, ctx.now).ended;
  expect((await list({})).chain?.broken).toEqual({ seq: 601, problem: 'REWRITTEN', since: 1 });
  await store.db.updateTable('audit').set({ actorId: 'x' }).where('seq', '=', 300).execute();
  await verifyChain(store, ctx.now).ended;
  expect((await list({})).chain).toMatchObject({ rows: 299, broken: { seq: 300, problem: 'CHANGED' } });
  expect((await getAuditEntry(ctx, { seq: 300 })).chain).toMatchObject({ isWhole: false, verifiedAt: null });
  expect((await getAuditEntry(ctx, { seq: 299 })).chain).toMatchObject({ isWhole: true, verifiedAt: NOW });
  expect(chainWatch(store).running).toBeNull();
});

test('C33 an export is on record with its count before its first line leaves, and its hashes can be checked', async () => {
  for (let n = 1; n <= 300; n++) await put({ at: n, resourceName: n % 2 ? '=cmd|x' : 'b' });
  await put({ cluster: 'other' });
  const { name, text } = await exportAudit(ctx, of('jsonl', { resource: '=cmd|x' }));
  expect(name).toBe('audit-demo-301.jsonl');
  const [own] = (await list({ limit: 1 })).items;
  expect(own).toMatchObject({ seq: 302, action: 'audit.export', counts: { entries: 150 }, actor: { name: 'Ann' } });
  const rows = (await whole(text))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(rows.map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, index) => 2 * index + 1));
  for (const { hash, ...row } of rows) expect(hashOf(row)).toBe(hash);

  const csv = await whole((await exportAudit(ctx, of('csv'))).text);
  const [header, first] = csv.split('\r\n');
  expect(header).toMatch(/^\ufeffseq,at,actorId,/);
  expect(first).toContain(`,'=cmd|x,`);
  expect(first).toContain('1970-01-01T00:00:00.001Z');
  expect(csv.trimEnd().split('\r\n')).toHaveLength(1 + 301);
});

test('C33 nothing is exported that cannot be recorded', async () => {
  await put({});
  await store.close();
  const gone = { code: 'UNAVAILABLE' };
  await expect(exportAudit(ctx, of('jsonl'))).rejects.toMatchObject(gone);
});

test('an act that is no operation is recorded with who, where from and by which request', async () => {
  const actor = { ...ctx.actor, authMethod: 'oidc' as const, sessionHash: 'ab12' };
  await recordAudit(
    { store, actor, requestId: 'req-1', now: ctx.now, cluster: null },
    {
      action: 'session.sign-in',
      resource: { type: 'console', name: 'console' },
      outcome: 'denied',
      error: 'wrong_password',
    },
  );
  expect(await store.audit.get(1)).toMatchObject({
    actorId: 'ann',
    ip: '10.0.0.7',
    requestId: 'req-1',
    authMethod: 'oidc',
    sessionHash: 'ab12',
    cluster: null,
    phase: 'result',
    outcome: 'denied',
    error: 'wrong_password',
  });
});

test('C30 no secret, no body, no key and no property value is put into the trail', async () => {
  const canary = 'canary-7f3a';
  const edit = { body: canary, keys: canary, properties: { 'x-name': canary }, uniqKey: 'U' };
  await recordAudit(ctx, {
    action: 'dead-letters.redrive',
    resource: { type: 'group', name: 'orders' },
    params: {
      letters: [{ edit }],
      letter: { cause: { property: 'errorMessage', text: canary } },
      password: canary,
      acl: { secretKey: canary, accessToken: canary },
      Cookie: [canary],
    },
  });
  const row = await store.audit.get(1);
  expect(JSON.stringify(row)).not.toContain(canary);
  expect(JSON.parse(row?.paramsJson ?? '')).toMatchObject({
    letters: [
      {
        edit: {
          body: { bytes: 11, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
          properties: ['x-name'],
          keys: { bytes: 11 },
        },
      },
    ],
    letter: { cause: { property: 'errorMessage' } },
    password: '***',
    acl: { secretKey: '***' },
  });
});

test('an act that shares a transaction with its record is undone with it', async () => {
  const failing = store.transaction(async (tables) => {
    await recordAudit(
      { ...ctx, store: tables },
      { action: 'account.create', resource: { type: 'account', name: 'eve' } },
    );
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect((await list({})).total).toBe(0);
});

test.each([
  ['off', []],
  ['masked', [true]],
  ['all', [false, true]],
] as const)('reads of bodies are recorded as configured: %s', async (auditBodyReads, expected) => {
  const asked = { ...ctx, auditBodyReads };
  for (const isMasked of [false, true]) await recordBodyRead(asked, { topic: 'orders', count: 1, isMasked });
  const { items } = await list({});
  expect(items.map(({ action, resource, counts }) => [action, resource.name, counts])).toEqual(
    expected.map(() => ['message.read', 'orders', { bodies: 1 }]),
  );
  const masks = await Promise.all(
    items.map(async ({ seq }) => (await getAuditEntry(ctx, { seq })).entry.params?.isMasked),
  );
  expect(masks.reverse()).toEqual([...expected]);
});

test('C28 a body whose reading is to be recorded is not shown while it cannot be', async () => {
  await store.close();
  const append = vi.spyOn(store.audit, 'append');
  const asked = recordBodyRead({ ...ctx, auditBodyReads: 'all' }, { topic: 'orders', count: 1, isMasked: false });
  await expect(asked).rejects.toMatchObject({ code: 'UNAVAILABLE', key: 'audit_unavailable' });
  expect(append).toHaveBeenCalledOnce();
});

const of = (format: 'jsonl' | 'csv', rest: { resource?: string } = {}) =>
  ({ format, ...rest }) as ReturnType<typeof auditExportQuery.parse>;

async function whole(text: AsyncIterable<string>): Promise<string> {
  let all = '';
  for await (const piece of text) all += piece;
  return all;
}
