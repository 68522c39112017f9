import type { LetterState } from '@/lib/contract/dead-letters';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { ItemState } from '@/lib/store/schema';
import type { Ctx } from '../ctx';
import type { TailRecord } from './newest-first';

export interface LetterWord {
  state: LetterState;
  jobId: string | null;
  handledBy: string | null;
}

/** Safety §5.9; states that say nothing about the letter are left out, so that an earlier job speaks. */
const WORDS: Partial<Record<ItemState, LetterState>> = {
  SELECTED: 'redriving',
  INTENT: 'redriving',
  CONFIRMED: 'redriven',
  STORED_UNCERTAIN: 'redriven',
  DUPLICATED: 'redriven',
  UNKNOWN: 'unknown',
  NEEDS_DECISION: 'unknown',
};

/** What was decided about these letters of a group, from the journal and the marks they carry themselves. */
export async function wordsOf(
  ctx: Pick<Ctx, 'store' | 'cluster'>,
  group: string,
  letters: readonly TailRecord[],
): Promise<LetterWord[]> {
  const { store, cluster } = ctx;
  const brokers = [...new Set(letters.map(({ broker }) => broker))];
  const [handled, ...ofBrokers] = await Promise.all([
    store.handled.ofGroup(cluster, group),
    ...brokers.map((broker) => {
      const places = letters.filter((letter) => letter.broker === broker).map(({ record }) => record.physicalOffset);
      return store.items.bySource(cluster, group, broker, places);
    }),
  ]);
  const items = new Map<string, (typeof ofBrokers)[number]>();
  for (const item of ofBrokers.flat()) {
    const key = identityOf(item.srcBroker, item.srcPhyOffset, item.srcUniqKey);
    items.set(key, [...(items.get(key) ?? []), item]);
  }
  return letters.map(({ broker, record }) => {
    const uniqKey = sourceUniqKey(record);
    const mine = items.get(identityOf(broker, record.physicalOffset, uniqKey));
    const item = mine?.find(({ state }) => WORDS[state] !== undefined);
    const mark = handled.find({
      broker,
      phyOffset: record.physicalOffset,
      uniqKey,
      queueId: record.queueId,
      queueOffset: record.queueOffset,
    });
    if (mark && mark.handledAt >= (item?.operationCreatedAt ?? 0))
      return { state: 'handled', jobId: mark.operationId, handledBy: mark.handledBy };
    if (item) {
      const word = judged(item.terminalReason) ?? WORDS[item.state] ?? 'unknown';
      return { state: word, jobId: item.operationId, handledBy: null };
    }
    const marker = record.properties.RDX_OP;
    return { state: marker ? 'dead_again' : 'dead', jobId: marker || null, handledBy: null };
  });
}

/** Third part of a letter's identity: its unique key, empty when it has none. */
export const sourceUniqKey = ({ properties }: Pick<StoredMessage, 'properties'>): string => properties.UNIQ_KEY ?? '';

const identityOf = (broker: string, physicalOffset: number, uniqKey: string) =>
  `${broker} ${physicalOffset} ${uniqKey}`;

/** A copy that died again is a letter of its own and carries that word; this one has been dealt with. */
const judged = (reason: string | null): LetterState | undefined =>
  reason === 'consumed' || reason === 'consumed_later' ? 'consumed' : undefined;

const OPEN: ReadonlySet<LetterState> = new Set(['dead', 'dead_again', 'redriving', 'unknown', 'expired']);

export function isWanted(state: LetterState, filter: 'open' | 'handled' | 'redriven' | 'all'): boolean {
  if (filter === 'all') return true;
  if (filter === 'open') return OPEN.has(state);
  return filter === 'handled' ? state === 'handled' : state === 'redriven' || state === 'consumed';
}
