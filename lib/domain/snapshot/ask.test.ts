import { expect, test } from 'vitest';
import { defineRequest } from '@/lib/rocketmq/define-request';
import { RemotingError } from '@/lib/rocketmq/errors';
import type { Ctx } from '../ctx';
import { askerOf } from './ask';

const REQUEST = defineRequest<number, number, 'READ'>({
  name: 'TEST',
  code: 1,
  access: 'READ',
  encode: () => ({}),
  decode: () => 0,
});
const items = Array.from({ length: 40 }, (_, index) => index);

function contextOf(call: (input: number, signal: AbortSignal) => Promise<number>) {
  const client = { call: (_: unknown, input: number, { signal }: { signal: AbortSignal }) => call(input, signal) };
  return { client, signal: new AbortController().signal } as unknown as Pick<Ctx, 'client' | 'signal'>;
}

test('no more requests are on the wire than the budget allows, whoever asks', async () => {
  let now = 0;
  let most = 0;
  const ctx = contextOf(async (input) => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return input;
  });
  const asker = askerOf(ctx, 'a', Date.now() + 5_000, { inFlight: 3, perSecond: 100_000 });
  const answers = await Promise.all(items.map((item) => asker.ask(REQUEST, item)));
  await asker.each(items, async (item) => void (await asker.ask(REQUEST, item)));
  expect(answers).toEqual(items);
  expect(most).toBe(3);
  expect(asker.requests).toBe(80);
});

test('once all are out the next leave together, when half of them are back', async () => {
  const open: (() => void)[] = [];
  const ctx = contextOf((input) => new Promise((resolve) => open.push(() => resolve(input))));
  const asker = askerOf(ctx, 'a', Date.now() + 5_000, { inFlight: 8, perSecond: 100_000 });
  const reading = asker.each(items, async (item) => void (await asker.ask(REQUEST, item)));
  const answer = async (at: number) => {
    open[at]?.();
    await new Promise((resolve) => setImmediate(resolve));
    return open.length;
  };
  expect(await answer(-1)).toBe(8);
  for (const at of [0, 1, 2]) expect(await answer(at)).toBe(8);
  expect(await answer(3)).toBe(12);
  for (let at = 4; at < items.length; at++) await answer(at);
  await reading;
  expect(open.length).toBe(items.length);
});

test('no more are sent per second', async () => {
  const sentAt: number[] = [];
  const ctx = contextOf(async () => sentAt.push(performance.now()));
  const asker = askerOf(ctx, 'a', Date.now() + 5_000, { inFlight: 100, perSecond: 200 });
  await asker.each(items, async (item) => void (await asker.ask(REQUEST, item)));
  // Four per step of 20 ms.
  expect((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)).toBeGreaterThan(140);
});

test('after a lost connection nobody waits for a turn', async () => {
  let calls = 0;
  const ctx = contextOf(async () => {
    calls += 1;
    throw new RemotingError('CLOSED', 'a', 'gone', true);
  });
  const asker = askerOf(ctx, 'a', Date.now() + 5_000, { inFlight: 2, perSecond: 100_000 });
  const results = await Promise.allSettled(items.map((item) => asker.ask(REQUEST, item)));
  expect(results.every(({ status }) => status === 'rejected')).toBe(true);
  expect(calls).toBeLessThanOrEqual(2);
});

test('a broker that answers nothing is given up long before the deadline, and what is in flight is cancelled', async () => {
  let cancelled = 0;
  const ctx = contextOf(
    (_, signal) =>
      new Promise((__, reject) => {
        signal.addEventListener('abort', () => {
          cancelled += 1;
          reject(new RemotingError('ABORTED', 'a', 'cancelled', true));
        });
      }),
  );
  const asker = askerOf(ctx, 'a', Date.now() + 60_000);
  const reading = Promise.all([asker.ask(REQUEST, 1), asker.ask(REQUEST, 2)]);
  await expect(asker.whileItAnswers(reading)).rejects.toMatchObject({ kind: 'TIMEOUT' });
  expect(cancelled).toBe(2);
});
