import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Item } from '@/lib/store/items';
import { readAtPlaces } from '../dead-letters/read-at-places';
import type { RedriveRun } from './run-context';

/** The dead letters of some items, by item number, as `readAtPlaces`. */
export async function readLetters(run: RedriveRun, items: readonly Item[]): Promise<Map<number, StoredMessage | null>> {
  const places = items.map(({ srcBroker, srcQueueId, srcQueueOffset, srcPhyOffset, srcUniqKey }) => ({
    broker: srcBroker,
    queueId: srcQueueId,
    queueOffset: srcQueueOffset,
    phyOffset: srcPhyOffset,
    uniqKey: srcUniqKey,
  }));
  const records = await readAtPlaces(run.ctx, run.operation.input.group, places);
  return new Map(items.map(({ n }, index) => [n, records[index] ?? null]));
}
