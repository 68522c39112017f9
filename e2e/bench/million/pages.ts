import type { FailuresReply, LettersReply } from '@/lib/contract/dead-letters';
import { encodeCursor } from '@/lib/domain/dead-letters/cursor';
import type { Sandbox } from '../../sandbox/sandbox';
import { type BenchRow, inform, limit, spread } from '../scale/table';
import { ask } from './ask';
import { isInOrder } from './first-page';
import { GROUP, LETTERS, letterOf, TAGS } from './letter';
import { loopRows, type Probed, withProbedConsole } from './probed';
import { untilRead } from './until-read';

const ROUNDS = 5;

type Query = Record<string, string | number>;
interface Look {
  name: string;
  /** Another one each time: what was counted for the one before must not help. */
  query(round: number): Query;
  /** What the rows have to be; a whole page of them in order unless told otherwise. */
  fits?(reply: LettersReply, query: Query): boolean;
}

/** Pages, filters and lists over a ledger that has been read. */
export async function measurePages(sandbox: Sandbox): Promise<BenchRow[]> {
  return withProbedConsole(sandbox, {}, async (running) => {
    const first = await untilRead(running);
    const { reply: causes } = await ask<FailuresReply>(running, { group: GROUP }, 'failures');
    await running.loop();
    const rows: BenchRow[] = [];
    let wrong = 0;
    for (const look of looksOver(first, causes)) {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const query = look.query(round);
        const { ms, reply } = await ask<LettersReply>(running, { group: GROUP, ...query });
        took.push(ms);
        if (!(look.fits?.(reply, query) ?? isInOrder(reply))) {
          wrong += 1;
          console.log(`not as asked: ${look.name} ${JSON.stringify(query)}, ${reply.items.length} rows`);
        }
      }
      rows.push(inform(look.name, spread(took), '≤ 100 ms'));
    }
    for (const [name, what] of [
      ['the causes of all of them', 'failures'],
      ['the list of all groups', ''],
    ] as const) {
      const took: number[] = [];
      for (let round = 0; round < ROUNDS; round++)
        took.push((await ask(running, what ? { group: GROUP } : {}, what)).ms);
      rows.push(inform(name, spread(took), '≤ 100 ms'));
    }
    const loop = await running.loop();
    return [
      ...rows,
      limit('answers that are not what was asked', wrong, 0),
      ...loopRows(loop),
      await firstHtml(running),
      inform('peak of resident memory', `${running.peakMb().toFixed(0)} MB`, '≤ 300 MB'),
    ];
  });
}

async function firstHtml({ get }: Probed): Promise<BenchRow> {
  const took: number[] = [];
  // The first one loads the page's code.
  await get(`/dead-letters/group?group=${GROUP}`);
  for (let round = 0; round < ROUNDS; round++) took.push((await get(`/dead-letters/group?group=${GROUP}`)).ms);
  return inform('page of the group, first HTML', spread(took));
}

function looksOver(first: LettersReply, causes: FailuresReply): Look[] {
  const newest = first.items[0]?.storedAt ?? 0;
  const oldest = first.oldestAt ?? 0;
  /** A moment between the oldest and the newest. */
  const at = (share: number) => Math.round(oldest + (newest - oldest) * share);
  const below = (storedAt: number) => encodeCursor({ storedAt, phyOffset: 0, broker: 'a' });
  const number = (round: number) => Math.floor((LETTERS * (round + 0.5)) / ROUNDS);
  const tag = (round: number) => TAGS[round % TAGS.length] ?? '';
  const failure = (round: number) => causes.items[round % causes.items.length]?.id ?? 0;
  const every = (holds: (row: LettersReply['items'][number], query: Query) => boolean): Look['fits'] => {
    return (reply, query) => isInOrder(reply) && reply.items.every((row) => holds(row, query));
  };
  const hasTag = every((row, query) => row.tag === query.tag);
  const one: Look['fits'] = ({ items, matching }) => items.length === 1 && matching === 1;
  const none: Look['fits'] = ({ items, matching }) => items.length === 0 && matching === 0;
  return [
    { name: 'first page', query: () => ({}) },
    { name: 'second page', query: () => ({ cursor: first.nextCursor ?? '' }) },
    { name: 'page in the depth', query: (round) => ({ cursor: below(at(0.9 - round / 6)) }) },
    {
      name: 'page of the oldest',
      query: () => ({ cursor: below(oldest + 1) }),
      fits: ({ items, nextCursor }) =>
        items.every(({ storedAt }) => storedAt <= oldest) && (items.length === 50 || nextCursor === null),
    },
    { name: 'open ones', query: (round) => ({ state: 'open', cursor: below(at(0.8 - round / 8)) }) },
    { name: 'handled ones, none', query: () => ({ state: 'handled' }), fits: none },
    { name: 'expired ones, none', query: () => ({ state: 'expired' }), fits: none },
    { name: 'of a tag', query: (round) => ({ tag: tag(round) }), fits: hasTag },
    { name: 'of a tag, in the depth', query: (round) => ({ tag: tag(round), to: at(0.6 - round / 10) }), fits: hasTag },
    { name: 'of a tag nobody uses', query: (round) => ({ tag: `NONE-${round}` }), fits: none },
    { name: 'of a cause', query: (round) => ({ failure: failure(round) }) },
    { name: 'of a cause and a tag', query: (round) => ({ failure: failure(round), tag: tag(round) }), fits: hasTag },
    { name: 'of a tag, open', query: (round) => ({ tag: tag(round), state: 'open' }), fits: hasTag },
    { name: 'by key', query: (round) => ({ q: letterOf(number(round)).key }), fits: one },
    { name: 'by message id', query: (round) => ({ q: letterOf(number(round)).uniqKey }), fits: one },
    {
      name: 'by the beginning of a key, few',
      query: (round) => ({ q: letterOf(number(round)).key.slice(0, -4) }),
      fits: ({ items, matching }) => items.length > 0 && matching >= items.length,
    },
    {
      name: 'by the beginning of a key, every fourth',
      query: (round) => ({ q: ['ORD-', 'NEW-', 'PAY-', 'REF-', 'ORD-1'][round] ?? '' }),
      fits: every((row, query) => row.keys[0]?.startsWith(String(query.q)) ?? false),
    },
    {
      name: 'by the beginning of a key and a tag',
      query: (round) => ({ q: ['ORD-', 'NEW-', 'PAY-', 'REF-', 'ORD-1'][round] ?? '', tag: tag(round) }),
      fits: hasTag,
    },
    { name: 'of a window of time', query: (round) => ({ from: at(0.1 + round / 20), to: at(0.6 + round / 20) }) },
    { name: 'of the last hour', query: () => ({ since: '1h' }), fits: () => true },
    {
      name: 'of a window of time and a cause',
      query: (round) => ({ from: at(0.1), to: at(0.5 + round / 20), failure: failure(round) }),
    },
  ];
}
