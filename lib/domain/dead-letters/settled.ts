import type { Ctx } from '../ctx';
import type { LetterQueue } from './queues';

/**
 * How many of the letters still there are handled and how many were sent again, over the whole ledger of a group.
 *
 * `oldestPlace` is, per broker, where its first letter lies: what the journal knows below is expired or purged.
 */
export async function countSettled(
  { store, cluster }: Pick<Ctx, 'store' | 'cluster'>,
  group: string,
  queues: readonly LetterQueue[],
  oldestPlace: ReadonlyMap<string, number>,
): Promise<{ handled: number; redriven: number }> {
  const [{ letters, watermarks }, items] = await Promise.all([
    store.handled.ofGroup(cluster, group),
    store.db
      .selectFrom('item')
      .innerJoin('operation', 'operation.id', 'item.operationId')
      .select(['item.srcBroker', 'item.srcPhyOffset', 'item.srcQueueId', 'item.srcQueueOffset'])
      .distinct()
      .where('operation.cluster', '=', cluster)
      .where('operation.group', '=', group)
      .where('item.state', 'in', ['CONFIRMED', 'STORED_UNCERTAIN', 'DUPLICATED'])
      .execute(),
  ]);
  const isThere = (broker: string, phyOffset: number) =>
    phyOffset >= (oldestPlace.get(broker) ?? Number.POSITIVE_INFINITY);
  const below = new Map(watermarks.map((mark) => [`${mark.broker} ${mark.queueId}`, mark]));
  let handled = 0;
  for (const { broker, queueId, minOffset, maxOffset } of queues) {
    const mark = below.get(`${broker} ${queueId}`);
    if (mark) handled += Math.max(0, Math.min(mark.belowOffset, maxOffset) - minOffset);
  }
  const handledPlaces = new Set<string>();
  for (const letter of letters) {
    const isCovered = watermarks.some((mark) => mark.broker === letter.broker && mark.handledAt >= letter.handledAt);
    if (isCovered || !isThere(letter.broker, letter.phyOffset)) continue;
    handledPlaces.add(`${letter.broker} ${letter.phyOffset}`);
  }
  handled += handledPlaces.size;
  const redriven = items.filter(
    (item) =>
      isThere(item.srcBroker, item.srcPhyOffset) &&
      !handledPlaces.has(`${item.srcBroker} ${item.srcPhyOffset}`) &&
      item.srcQueueOffset >= (below.get(`${item.srcBroker} ${item.srcQueueId}`)?.belowOffset ?? 0),
  ).length;
  return { handled, redriven };
}
