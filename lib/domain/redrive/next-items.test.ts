import { describe, expect, it } from 'vitest';
import type { Item } from '@/lib/store/items';
import { NextItems } from './next-items';
import type { RedriveRun } from './run-context';

const NOBODY: ReadonlySet<string> = new Set();

/** A job of `letters` letters of which none has its item yet; `listing` is what makes them, ten at once. */
function jobOf(letters: number) {
  const items: Item[] = [];
  const job = {
    items,
    listings: 0,
    listing: async () => {},
    send: (sent: readonly Item[]) => items.splice(0, sent.length),
  };
  const run = {
    operation: { id: 'A' },
    ctx: {
      store: {
        items: {
          page: async (_: string, { states, afterN, limit }: { states: string[]; afterN: number; limit: number }) =>
            states[0] === 'SELECTED' ? items.filter(({ n }) => n > afterN).slice(0, limit) : [],
        },
      },
    },
    letters: {
      sizes: async () => () => 100,
      async next() {
        const from = 10 * job.listings++;
        await job.listing();
        const made = Array.from({ length: Math.min(10, letters - from) }, (_, n) => ({ n: from + n }) as Item);
        items.push(...made);
        return made.length;
      },
    },
  } as unknown as RedriveRun;
  return { job, next: new NextItems(run) };
}

describe('items of the next window', () => {
  it('are made while the one before them is sent, and one window ahead at most', async () => {
    const { job, next } = jobOf(30);
    const first = await next.take(10, NOBODY);
    expect(first.map(({ n }) => n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(job.listings).toBe(2);
    job.send(first);
    job.send(await next.take(4, NOBODY));
    job.send(await next.take(2, NOBODY));
    expect(job.listings).toBe(2);
    job.send(await next.take(4, NOBODY));
    expect(job.listings).toBe(3);
  });

  it('are all there in the end, each once', async () => {
    const { job, next } = jobOf(23);
    const sent: number[] = [];
    for (let items = await next.take(7, NOBODY); items.length > 0; items = await next.take(7, NOBODY)) {
      sent.push(...items.map(({ n }) => n));
      job.send(items);
    }
    expect(sent).toEqual(Array.from({ length: 23 }, (_, n) => n));
  });

  it('what broke while they were made is told by whoever asks for them', async () => {
    const { job, next } = jobOf(30);
    const first = await next.take(5, NOBODY);
    job.listing = async () => Promise.reject(new Error('disk full'));
    job.send(first);
    job.send(await next.take(5, NOBODY));
    await expect(next.take(5, NOBODY)).rejects.toThrow('disk full');
  });

  it('are made to the end before the job rests', async () => {
    const { job, next } = jobOf(30);
    job.send(await next.take(5, NOBODY));
    let made = () => {};
    job.listing = () => new Promise((resolve) => (made = resolve));
    job.send(await next.take(5, NOBODY));
    let hasEnded = false;
    const end = next.end().then(() => (hasEnded = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect([hasEnded, job.items.length]).toEqual([false, 0]);
    made();
    await end;
    expect(job.items.length).toBe(10);
  });
});
