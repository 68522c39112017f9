import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { WriteCapability } from '@/lib/rocketmq/write-capability';
import { StoreError } from '@/lib/store/errors';
import { freshDir } from '@/lib/store/fixtures';
import { openStore, type Store } from '@/lib/store/open';
import { actorOf } from './actors.fixture';
import type { Ctx } from './ctx';
import { type MutationSpec, mutation, type Outcome } from './mutation';

let store: Store;
let dir: string;
beforeAll(async () => {
  dir = freshDir();
  store = await openStore({ dir });
});
afterAll(() => store.close());

interface Input {
  group: string;
}
const ctx = (over: Partial<Ctx> = {}): Ctx =>
  ({
    cluster: 'demo',
    actor: actorOf('admin'),
    store,
    log: { info: vi.fn(), warn: vi.fn(), error: vi.fn() },
    signal: new AbortController().signal,
    now: Date.now,
    requestId: 'r',
    ...over,
  }) as unknown as Ctx;

const reset = (over: Partial<MutationSpec<Input>> = {}) =>
  mutation<Input>({
    name: 'offsets.reset',
    kind: 'reset',
    permission: 'group:reset',
    resource: ({ group }) => ({ type: 'group', name: group, group }),
    run: async (): Promise<Outcome> => ({ state: 'DONE', counts: { applied: 4 } }),
    ...over,
  });
const because = { reason: 'replay after the fix' };
const trail = async (operationId: string) =>
  (await store.audit.list({ operationId, limit: 10 })).reverse().map(({ phase, outcome }) => `${phase} ${outcome}`);

test('intent, capability, outcome: in that order, and the group is free afterwards', async () => {
  const seen: unknown[] = [];
  const verb = reset({
    run: async (_ctx, operation, capability: WriteCapability) => {
      seen.push(await trail(operation.id), capability.operationId === operation.id, capability.actor, operation.input);
      await operation.setState('VERIFYING');
      await operation.heartbeat({ applied: 1 });
      return { state: 'DONE', counts: { applied: 4 } };
    },
  });
  const { operation } = await verb.start(ctx(), { group: 'a' }, because);
  expect(operation.state).toBe('QUEUED');
  const ended = await verb.execute(ctx(), operation);
  expect(seen).toEqual([['intent allowed'], true, 'local', { group: 'a' }]);
  expect(ended).toEqual(await store.operations.get(operation.id));
  expect(ended).toMatchObject({ state: 'DONE', countsJson: '{"applied":4}' });
  expect(await trail(operation.id)).toEqual(['intent allowed', 'result success']);
  await verb.start(ctx(), { group: 'a' }, because);
});

test('two parallel requests with one key are one operation; the same key with another body is refused', async () => {
  const request = { ...because, idempotencyKey: 'k1' };
  const both = await Promise.all([1, 2].map(() => reset().start(ctx(), { group: 'b' }, request)));
  expect(new Set(both.map(({ operation }) => operation.id)).size).toBe(1);
  expect(both.filter(({ isReplay }) => isReplay)).toHaveLength(1);
  await expect(reset().start(ctx(), { group: 'other' }, request)).rejects.toMatchObject({
    code: 'UNPROCESSABLE',
    key: 'idempotency_mismatch',
  });
});

test('a second write on the group is refused, naming the first, and leaves nothing behind', async () => {
  const { operation } = await reset().start(ctx(), { group: 'c' }, because);
  const freeze = vi.fn();
  const purge = reset({ name: 'dead-letters.purge', kind: 'purge', permission: 'dead-letter:purge', freeze });
  await expect(purge.start(ctx(), { group: 'c' }, because)).rejects.toMatchObject({
    code: 'CONFLICT',
    key: 'group_locked',
    params: { operation: operation.id, kind: 'reset' },
  });
  expect(freeze).not.toHaveBeenCalled();
  const cancelled = await reset().cancel(ctx(), operation);
  expect(cancelled.state).toBe('CANCELLED');
  await purge.start(ctx(), { group: 'c' }, because);
});

test('a freeze that fails takes operation, lock and intent with it', async () => {
  const head = await store.audit.head();
  const verb = reset({ freeze: () => Promise.reject(new Error('frozen badly')) });
  await expect(verb.start(ctx(), { group: 'd' }, because)).rejects.toThrow('frozen badly');
  expect(await store.operations.activeOfGroup('demo', 'd')).toBeUndefined();
  expect(await store.audit.head()).toEqual(head);
});

test('an actor without the permission is refused, and the refusal is on record', async () => {
  const viewer = ctx({ actor: actorOf('viewer', { id: 'v', name: 'V' }) });
  await expect(reset().start(viewer, { group: 'e' }, because)).rejects.toMatchObject({
    code: 'FORBIDDEN',
    key: 'not_permitted',
  });
  expect(await store.audit.list({ actorId: 'v', limit: 5 })).toMatchObject([{ outcome: 'denied', resourceName: 'e' }]);
});

test('an operation is executed once; a worker that was taken over writes nothing more', async () => {
  const { operation } = await reset().start(ctx(), { group: 'f' }, because);
  let taken: unknown;
  const slow = reset({
    run: async (_ctx, running) => {
      await expect(reset().execute(ctx(), operation)).rejects.toMatchObject({ key: 'operation_taken' });
      taken = await reset({ resume: async () => ({ state: 'PARTIAL' }) }).resume(
        ctx(),
        (await store.operations.get(running.id)) ?? operation,
      );
      await running.heartbeat();
      return { state: 'DONE' };
    },
  });
  await expect(slow.execute(ctx(), operation)).rejects.toMatchObject({ code: 'CONFLICT', key: 'operation_taken' });
  expect(taken).toMatchObject({ state: 'PARTIAL', epoch: 2 });
  expect(await store.operations.get(operation.id)).toMatchObject({ state: 'PARTIAL', epoch: 2 });
  expect(await trail(operation.id)).toEqual(['intent allowed', 'intent allowed', 'result partial']);
});

test('what run throws becomes the recorded failure', async () => {
  const { operation } = await reset().start(ctx(), { group: 'g' }, because);
  const ended = await reset({ run: () => Promise.reject(new Error('broker said no')) }).execute(ctx(), operation);
  expect(ended).toMatchObject({
    state: 'FAILED',
    errorJson: JSON.stringify({ key: 'unexpected', params: { message: 'broker said no' } }),
  });
  expect(await trail(operation.id)).toEqual(['intent allowed', 'result failure']);
});

test('a journal that fails in the middle pauses; resume goes on under a new epoch and keeps the group locked until the end', async () => {
  const { operation } = await reset().start(ctx(), { group: 'p' }, because);
  const failing = reset({ run: () => Promise.reject(new StoreError('UNAVAILABLE', 'disk full')) });
  const paused = await failing.execute(ctx(), operation);
  expect(paused).toMatchObject({ state: 'PAUSED', endedAt: null, errorJson: '{"key":"journal_unavailable"}' });
  await expect(reset().start(ctx(), { group: 'p' }, because)).rejects.toMatchObject({ key: 'group_locked' });
  const resumed = await reset({ resume: async (_ctx, running) => ({ state: 'DONE', result: running.epoch }) }).resume(
    ctx(),
    paused,
  );
  expect(resumed).toMatchObject({ state: 'DONE', epoch: 2, resultJson: '2', errorJson: null });
  expect(await store.operations.get(operation.id)).toEqual(resumed);
});

test('interrupted and not resumable: ends as partial, outcome unknown', async () => {
  const { operation } = await reset().start(ctx(), { group: 'h' }, because);
  await store.operations.claim(operation.id, 0, ['QUEUED'], 1);
  const run = vi.fn();
  const interrupted = await store.operations.get(operation.id);
  if (!interrupted) throw new Error('gone');
  expect(await reset({ run }).resume(ctx(), interrupted)).toMatchObject({
    state: 'PARTIAL',
    errorJson: '{"key":"interrupted"}',
  });
  expect(run).not.toHaveBeenCalled();
  expect(await trail(operation.id)).toEqual(['intent allowed', 'intent allowed', 'result unknown']);
});

test('without a writable audit trail there is no operation, no run, no capability; reads go on', async () => {
  const small = await openStore({ dir: freshDir(), maxPages: 100 });
  const run = vi.fn();
  const verb = reset({ run });
  const narrow = ctx({ store: small });
  const { operation } = await verb.start(narrow, { group: 'first' }, because);
  const filler = () =>
    small.audit.append({
      at: 1,
      actorId: 'a',
      actorName: 'a',
      actorRole: 'admin',
      action: 'x'.repeat(3000),
      resourceType: 'group',
      resourceName: 'g',
      phase: 'intent',
      outcome: 'allowed',
    });
  await expect(
    (async () => {
      for (;;) await filler();
    })(),
  ).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  const wide = { group: 'y'.repeat(4000) };
  await expect(verb.start(narrow, wide, because)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    key: 'audit_unavailable',
  });
  expect(await small.operations.listActive()).toMatchObject([{ id: operation.id }]);
  await small.close();
  await expect(verb.execute(narrow, operation)).rejects.toMatchObject({
    code: 'UNAVAILABLE',
    key: 'audit_unavailable',
  });
  expect(run).not.toHaveBeenCalled();
});
