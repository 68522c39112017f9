import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { untilRevoked } from './until-revoked';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('C20 a stream ends within a second of its reader’s session, and what feeds it is told', async () => {
  const cancelled = vi.fn();
  let mayHave = true;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array([1])),
    cancel: cancelled,
  });
  const reader = untilRevoked(body, async () => mayHave).getReader();
  expect((await reader.read()).value).toEqual(new Uint8Array([1]));
  const next = reader.read();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(cancelled).not.toHaveBeenCalled();
  mayHave = false;
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await next).done).toBe(true);
  expect(cancelled).toHaveBeenCalledOnce();
});

test('a session that cannot be looked up ends it too', async () => {
  const reader = untilRevoked(new ReadableStream(), () => Promise.reject(new Error('disk'))).getReader();
  const next = reader.read();
  await vi.advanceTimersByTimeAsync(1_000);
  expect((await next).done).toBe(true);
});

test('who ends by himself is not asked after any more', async () => {
  const mayHave = vi.fn(async () => true);
  const reader = untilRevoked(new Response('abc').body as ReadableStream<Uint8Array>, mayHave).getReader();
  while (!(await reader.read()).done);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(mayHave).not.toHaveBeenCalled();
});
