import { setTimeout as delay } from 'node:timers/promises';
import type { LettersReply } from '@/lib/contract/dead-letters';
import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, inform, limit, spread } from '../scale/table';
import { ask } from './ask';
import { GROUP, LETTERS, OTHER_GROUPS } from './letter';
import { loopRows, type Probed, withProbedConsole } from './probed';

const CONSOLES = 5;
/** Somebody leafs through the ledger while it is read. */
const LOOK_MS = 250;
const READ_MS = 600_000;

/** The first page of letters that no console has seen, and what one gets while they are read. */
export async function measureFirstPage(sandbox: Sandbox): Promise<BenchRow[]> {
  const firsts: number[] = [];
  for (let round = 1; round < CONSOLES; round++)
    await withProbedConsole(sandbox, {}, async (running) => {
      firsts.push(await firstLook(running));
    });
  return withProbedConsole(sandbox, {}, async (running) => {
    firsts.push(await firstLook(running));
    const { looks, readS, wrong } = await lookUntilRead(running);
    const of = (name: string) => looks.get(name) ?? [];
    const loop = await running.loop();
    return [
      inform('first page of letters nobody has looked at', spread(firsts), '≤ 50 ms'),
      inform('until the console has read all of them, looked at meanwhile', `${readS.toFixed(1)} s`),
      ...[...looks.keys()].map((name) => inform(`… ${name} meanwhile`, spread(of(name)), '≤ 100 ms')),
      limit('… pages that are not complete, out of order, or not answered', wrong, 0),
      ...loopRows(loop),
      inform('… peak of resident memory', `${running.peakMb().toFixed(0)} MB`, '≤ 300 MB'),
    ];
  });
}

async function firstLook(running: Probed): Promise<number> {
  // Pages of other groups: what the server loads and compiles for the first of them is not what is measured.
  for (const group of OTHER_GROUPS) await ask<LettersReply>(running, { group });
  await running.loop();
  const { ms, reply } = await ask<LettersReply>(running, { group: GROUP });
  if (reply.items.length !== 50 || reply.total !== LETTERS)
    throw new Error(`The first page has ${reply.items.length} rows.`);
  return ms;
}

async function lookUntilRead(running: Probed) {
  const looks = new Map<string, number[]>();
  const startedAt = performance.now();
  let wrong = 0;
  for (;;) {
    const first = await look<LettersReply>('the first page', { group: GROUP });
    if (first) {
      const { read, of } = first.ledger;
      if (!isInOrder(first)) wrong += 1;
      if (read === of) break;
      const next = await look<LettersReply>('the next one', { group: GROUP, cursor: first.nextCursor ?? '' });
      if (next && !isInOrder(next)) wrong += 1;
    }
    if (performance.now() - startedAt > READ_MS) throw new Error('The letters were not all read in time.');
    await look('the first with a tag', { group: GROUP, tag: 'VIP' });
    await look('the causes', { group: GROUP }, 'failures');
    await delay(LOOK_MS);
  }
  return { looks, wrong, readS: (performance.now() - startedAt) / 1000 };

  /** Null, and counted as wrong, when the server does not answer in its time. */
  async function look<Reply>(name: string, query: Record<string, string>, what?: 'failures'): Promise<Reply | null> {
    const askedAt = performance.now();
    const answer = await ask<Reply>(running, query, what).catch((error: Error) => {
      console.log(error.message);
      wrong += 1;
      return null;
    });
    looks.set(name, [...(looks.get(name) ?? []), answer?.ms ?? performance.now() - askedAt]);
    return answer?.reply ?? null;
  }
}

/** Newest first, and whole. */
export const isInOrder = ({ items }: LettersReply): boolean =>
  items.length === 50 && items.every((row, index) => index === 0 || row.storedAt <= (items[index - 1]?.storedAt ?? 0));
