import { QUERY_MESSAGE } from '@/lib/rocketmq/requests/query-message';
import type { ItemState } from '@/lib/store/schema';
import type { StoreTables } from '@/lib/store/tables';
import { askBrokers, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isLate } from '../messages/read-queue';
import { sourceUniqKey } from '../messages/row';
import { inParallel } from './in-parallel';
import { type Letter, letterId } from './selection';

/** A copy exists, or is on its way. */
const SENT: ReadonlySet<ItemState> = new Set(['SELECTED', 'INTENT', 'CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED']);

export interface Earlier {
  reason: 'handled' | 'already_redriven';
  jobId: string | null;
}

/** What the journal says against sending a letter again, by letter id. */
export async function earlierInJournal(
  store: Pick<StoreTables, 'items' | 'handled'>,
  cluster: string,
  group: string,
  letters: readonly { broker: string; queueId: number; queueOffset: number; physicalOffset: number; uniqKey: string }[],
): Promise<Map<string, Earlier>> {
  const found = new Map<string, Earlier>();
  const places = letters.map(({ physicalOffset, ...place }) => ({ ...place, phyOffset: physicalOffset }));
  const marks = await store.handled.on(cluster, group, places);
  for (const broker of new Set(letters.map((letter) => letter.broker))) {
    const mine = letters.filter((letter) => letter.broker === broker);
    const items = await store.items.bySource(
      cluster,
      group,
      broker,
      mine.map(({ physicalOffset }) => physicalOffset),
    );
    for (const letter of mine) {
      const id = `${broker}:${letter.physicalOffset}`;
      const item = items.find(
        ({ srcPhyOffset, srcUniqKey, state }) =>
          srcPhyOffset === letter.physicalOffset && srcUniqKey === letter.uniqKey && SENT.has(state),
      );
      const mark = marks.find({ ...letter, phyOffset: letter.physicalOffset });
      if (item) found.set(id, { reason: 'already_redriven', jobId: item.operationId });
      else if (mark) found.set(id, { reason: 'handled', jobId: mark.operationId });
    }
  }
  return found;
}

const QUERIES_AT_ONCE = 16;

/**
 * Letters whose copy lies in the target, by the marker it carries: sent by a console with another journal, or in an
 * attempt whose outcome the journal does not know. Complete only as far as the index of the broker is.
 */
export async function copiesInTarget(
  ctx: Ctx,
  letters: readonly { letter: Letter; topic: string; broker: string }[],
): Promise<{ ids: Set<string>; isComplete: boolean }> {
  const ids = new Set<string>();
  let isComplete = true;
  const asked = await askBrokers([...new Set(letters.map(({ broker }) => broker))], async (broker) => {
    const mine = letters.filter((each) => each.broker === broker && sourceUniqKey(each.letter.record) !== '');
    await inParallel(mine, QUERIES_AT_ONCE, async ({ letter, topic }) => {
      if (isLate(ctx)) {
        isComplete = false;
        return;
      }
      const key = sourceUniqKey(letter.record);
      const { messages } = await ctx.client.call(
        QUERY_MESSAGE,
        { topic, key, from: letter.record.storedAt - 1000 },
        { broker, ...within(ctx) },
      );
      if (messages.some(({ properties }) => properties.RDX_SRC === letterId(letter))) ids.add(letterId(letter));
    });
  });
  return { ids, isComplete: isComplete && asked.failures.length === 0 };
}
