import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Ctx } from '@/lib/domain/ctx';
import { log } from './log';
import { startTurns } from './turns';

const warn = vi.spyOn(log, 'warn').mockReturnValue(undefined);
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  warn.mockClear();
});
afterEach(() => vi.useRealTimers());

function begin(turn: () => Promise<boolean>) {
  const asked: { signal: AbortSignal; leftMs: number }[] = [];
  const makeCtx = (signal: AbortSignal, deadlineAt: number) => {
    asked.push({ signal, leftMs: deadlineAt - Date.now() });
    return {} as Ctx;
  };
  const restMs = (isBusy: boolean | undefined) => (isBusy ? 50 : 2000);
  const turns = startTurns('demo', makeCtx, { turn, turnMs: 5000, restMs, failed: 'nothing came of it' });
  turns.start();
  return { asked, turns };
}

test('a turn follows the other after the rest that its result asks for, each with its own deadline', async () => {
  const turn = vi.fn<() => Promise<boolean>>().mockResolvedValueOnce(true).mockResolvedValue(false);
  const { asked, turns } = begin(turn);
  await pass(49);
  expect(turn).toHaveBeenCalledTimes(1);
  await pass(1);
  expect(turn).toHaveBeenCalledTimes(2);
  await pass(1999);
  expect(turn).toHaveBeenCalledTimes(2);
  await pass(1);
  expect(turn).toHaveBeenCalledTimes(3);
  expect(asked.map(({ leftMs }) => leftMs)).toEqual([5000, 5000, 5000]);
  turns.stop();
});

test('what fails goes on, and is told once until it has succeeded', async () => {
  const error = new Error('no master');
  const turn = vi
    .fn<() => Promise<boolean>>()
    .mockRejectedValueOnce(error)
    .mockRejectedValueOnce(error)
    .mockResolvedValueOnce(false)
    .mockRejectedValue(error);
  const { turns } = begin(turn);
  await pass(2000);
  expect(turn).toHaveBeenCalledTimes(2);
  expect(warn.mock.calls).toEqual([[{ cluster: 'demo', err: error }, 'nothing came of it']]);
  await pass(4000);
  expect(warn).toHaveBeenCalledTimes(2);
  turns.stop();
});

test('nothing follows once it is stopped, and what is under way is told', async () => {
  let fail = (_: Error) => {};
  const turn = vi.fn(
    () =>
      new Promise<boolean>((_, reject) => {
        fail = reject;
      }),
  );
  const { asked, turns } = begin(turn);
  turns.stop();
  expect(asked[0]?.signal.aborted).toBe(true);
  fail(new Error('aborted'));
  await pass(10_000);
  expect(turn).toHaveBeenCalledTimes(1);
  expect(warn).not.toHaveBeenCalled();
});
