import { QUERY_MESSAGE } from '@/lib/rocketmq/requests/query-message';
import type { Item } from '@/lib/store/items';
import type { ItemState } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import { askBrokers, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isLate } from '../messages/read-queue';
import { recordIdOf } from '../messages/record-id';
import { inParallel } from './in-parallel';

/** A copy exists, or is on its way. */
const SENT: ReadonlySet<ItemState> = new Set(['SELECTED', 'INTENT', 'CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED']);

export interface Earlier {
  reason: 'handled' | 'already_redriven';
  jobId: string | null;
}

/** Where a letter lies; its id is made of it. */
export interface LetterPlace {
  broker: string;
  queueId: number;
  queueOffset: number;
  physicalOffset: number;
  uniqKey: string;
}

/** What the journal says against sending a letter again, by letter id. */
export async function earlierInJournal(
  store: Pick<StoreTables, 'items' | 'handled'>,
  cluster: string,
  group: string,
  letters: readonly LetterPlace[],
): Promise<Map<string, Earlier>> {
  const found = new Map<string, Earlier>();
  const places = letters.map(({ physicalOffset, ...place }) => ({ ...place, phyOffset: physicalOffset }));
  const marks = await store.handled.on(cluster, group, places);
  const items = await itemsOf(store, cluster, group, letters);
  for (const letter of letters) {
    const id = recordIdOf(letter);
    const item = items.get(id)?.find(({ state }) => SENT.has(state));
    const mark = marks.find({ ...letter, phyOffset: letter.physicalOffset });
    if (item) found.set(id, { reason: 'already_redriven', jobId: item.operationId });
    else if (mark) found.set(id, { reason: 'handled', jobId: mark.operationId });
  }
  return found;
}

/** Items of earlier jobs by letter id, those of the newest job first. */
export async function itemsOf(
  store: Pick<StoreTables, 'items'>,
  cluster: string,
  group: string,
  letters: readonly LetterPlace[],
): Promise<Map<string, Item[]>> {
  const found = new Map<string, Item[]>();
  for (const broker of new Set(letters.map((letter) => letter.broker))) {
    const mine = new Map(letters.flatMap((each) => (each.broker === broker ? [[each.physicalOffset, each]] : [])));
    for (const item of await store.items.bySource(cluster, group, broker, [...mine.keys()])) {
      const letter = mine.get(item.srcPhyOffset);
      if (letter?.uniqKey !== item.srcUniqKey) continue;
      const id = recordIdOf(letter);
      found.set(id, [...(found.get(id) ?? []), item]);
    }
  }
  return found;
}

const QUERIES_AT_ONCE = 16;

/** Where a copy of a letter may lie. */
export interface Sought {
  letterId: string;
  topic: string;
  broker: string;
  key: string;
  /** Stored no earlier than this, epoch ms. */
  from: number;
  /** The job that may have sent it. */
  jobId: string | null;
}

/**
 * Letters of which a copy is found, by the marker it carries, and the job that sent it if it is known: sent by a console with
 * another journal, or in an attempt whose outcome the journal does not know. Complete only as far as the index of the broker is.
 */
export async function findCopies(
  ctx: Ctx,
  sought: readonly Sought[],
): Promise<{ jobs: Map<string, string | null>; isComplete: boolean }> {
  const jobs = new Map<string, string | null>();
  let isComplete = true;
  const asked = await askBrokers([...new Set(sought.map(({ broker }) => broker))], async (broker) => {
    const mine = sought.filter((each) => each.broker === broker && each.key !== '');
    await inParallel(mine, QUERIES_AT_ONCE, async ({ letterId, topic, key, from, jobId }) => {
      if (isLate(ctx)) {
        isComplete = false;
        return;
      }
      const { messages } = await ctx.client.call(QUERY_MESSAGE, { topic, key, from }, { broker, ...within(ctx) });
      if (messages.some(({ properties }) => properties.RDX_SRC === letterId))
        jobs.set(letterId, jobId ?? jobs.get(letterId) ?? null);
    });
  });
  return { jobs, isComplete: isComplete && asked.failures.length === 0 };
}
