import type { RedriveTarget } from '@/lib/contract/plans';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { Item } from '@/lib/store/items';
import type { Store } from '@/lib/store/open';
import { RETRY_PREFIX } from '../snapshot/system-names';
import { aimOf, holderFor, queueFor } from './destination';
import type { FrozenCondition, FrozenLetter, RedriveInput } from './input';

type Lane = FrozenLetter['to'];
type Source = Pick<Item, 'srcBroker' | 'originTopic'>;

/** The letters of a job and where their copies go. */
export interface JobLetters {
  /** Queues that copies may go to. */
  readonly lanes: readonly Lane[];
  /** Makes items of letters that have none yet, oldest first, and says how many; 0: all have one. */
  next(limit: number): Promise<number>;
  /** What is known of a copy's place before its letter has been read. */
  targetOf(item: Item): Pick<Lane, 'topic' | 'broker'>;
  /** Bytes of the bodies of some letters, as far as they are known. */
  sizes(items: readonly Item[]): Promise<(item: Item) => number>;
  /** Letters that were not tried yet and need one of some brokers. */
  untriedOf(brokers: ReadonlySet<string>): Promise<number>;
  /** Null: it cannot go where the job sends to. */
  letterOf(item: Item, record: StoredMessage): FrozenLetter | null;
}

export function jobLetters(store: Store, operationId: string, input: RedriveInput): JobLetters {
  return input.condition
    ? chosenLetters(store, operationId, input, input.condition)
    : listedLetters(store, operationId, input.letters);
}

/** Those of a list have their items from the start. */
function listedLetters(store: Store, operationId: string, letters: readonly FrozenLetter[]): JobLetters {
  const letterAt = (n: number) => letters[n] as FrozenLetter;
  return {
    lanes: letters.map(({ to }) => to),
    next: async () => 0,
    targetOf: ({ n }) => letterAt(n).to,
    sizes: async () => (item) => letterAt(item.n).bytes ?? 0,
    async untriedOf(brokers) {
      const items = await store.items.page(operationId, { states: ['SELECTED'], limit: letters.length });
      return items.filter(({ n, srcBroker }) => brokers.has(srcBroker) || brokers.has(letterAt(n).to.broker)).length;
    },
    letterOf: ({ n }) => letterAt(n),
  };
}

/** Those of a condition get them as the job goes on, from the ledger. */
function chosenLetters(
  store: Store,
  operationId: string,
  { group, target: kind }: RedriveInput,
  condition: FrozenCondition,
): JobLetters {
  const { holders } = condition;
  const needsOrigin = kind !== 'topic';
  const topicNamed = kind === 'topic' ? Object.keys(holders)[0] : undefined;
  const target: RedriveTarget = kind === 'topic' ? { kind, topic: topicNamed ?? '' } : { kind };
  const topicOf = ({ originTopic }: Source) =>
    topicNamed ?? (kind === 'group' ? RETRY_PREFIX + group : (originTopic ?? ''));
  const brokerOf = (item: Source) => holderFor(Object.keys(holders[topicOf(item)] ?? {}), item.srcBroker) ?? '';
  return {
    lanes: Object.entries(holders).flatMap(([topic, held]) =>
      Object.entries(held).flatMap(([broker, queues]) =>
        Array.from({ length: queues }, (_, queueId) => ({ topic, broker, queueId })),
      ),
    ),
    next: (limit) =>
      store.transaction(({ selections }) => selections.listNext(operationId, { ...condition, needsOrigin }, limit)),
    targetOf: (item) => ({ topic: topicOf(item), broker: brokerOf(item) }),
    async sizes(items) {
      const places = items.map(({ srcBroker, srcPhyOffset }) => ({ broker: srcBroker, phyOffset: srcPhyOffset }));
      const found = await store.letters.sizes(condition.groupId, places);
      const bytes = new Map(found.map((each) => [`${each.broker} ${each.phyOffset}`, each.bytes]));
      return ({ srcBroker, srcPhyOffset }) => bytes.get(`${srcBroker} ${srcPhyOffset}`) ?? 0;
    },
    async untriedOf(brokers) {
      const [listed, share] = await Promise.all([
        store.items.untriedBySource(operationId),
        store.selections.share(operationId, { ...condition, needsOrigin }),
      ]);
      const rest = share.filter(({ isListed }) => isListed === 0);
      const unlisted = rest.map(({ broker, ...each }) => ({ ...each, srcBroker: broker }));
      return [...listed, ...unlisted]
        .filter((source) => brokers.has(source.srcBroker) || brokers.has(brokerOf(source)))
        .reduce((sum, { count }) => sum + count, 0);
    },
    letterOf(item, record) {
      const letter = { broker: item.srcBroker, record };
      const aim = aimOf(letter, group, target, false);
      const broker = brokerOf(item);
      const queues = holders[aim?.topic ?? '']?.[broker];
      if (!aim || queues === undefined || aim.topic !== topicOf(item)) return null;
      return {
        broker: item.srcBroker,
        queueId: item.srcQueueId,
        queueOffset: item.srcQueueOffset,
        physicalOffset: item.srcPhyOffset,
        uniqKey: item.srcUniqKey,
        msgId: item.srcMsgId,
        storedAt: item.srcStoredAt,
        originTopic: aim.originTopic,
        destination: aim.destination,
        to: { topic: aim.topic, broker, queueId: queueFor(letter, item.n, queues) },
      };
    },
  };
}
