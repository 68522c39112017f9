import { isPopRecord } from '../messages/origin-topic';
import { recordIdOf } from '../messages/record-id';
import type { Aftermath } from './attempts';
import type { Copy } from './index-search';
import { roleOf } from './topics';

/** What brokers keep of one message for one group. */
export interface GroupCopies {
  /** In SCHEDULE_TOPIC_XXXX: every stage ever, delivered ones too. */
  schedule: Copy[];
  retry: Copy[];
  dead: Copy[];
}

/** Copies of a message that belong to a group: `owns` decides about names of retry topics. */
export function copiesOfGroup(
  copies: readonly Copy[],
  deadTopic: string,
  owns: (retryTopic: string) => boolean,
): GroupCopies {
  const mine: GroupCopies = { schedule: [], retry: [], dead: [] };
  for (const copy of copies) {
    const { topic, properties } = copy.record;
    const role = roleOf(topic);
    if (role === 'dead' && topic === deadTopic) mine.dead.push(copy);
    if (role === 'retry' && owns(topic)) mine.retry.push(copy);
    if (role === 'waiting' && properties.REAL_TOPIC !== undefined && owns(properties.REAL_TOPIC))
      mine.schedule.push(copy);
  }
  return mine;
}

/**
 * The attempts that must have failed for these copies to exist. Due times: exact for what still waits, the time of
 * redelivery for what was handed out, else by the delay table.
 */
export function aftermathsOf(
  { schedule, retry, dead }: GroupCopies,
  dueAt: ReadonlyMap<string, number>,
  delayLevelsMs: readonly number[] | null,
): Aftermath[] {
  const handedOut = [...retry];
  const waits = schedule.map(({ broker, record }): Aftermath => {
    const again = handedOut.findIndex(
      (copy) =>
        copy.broker === broker &&
        copy.record.reconsumeTimes === record.reconsumeTimes &&
        copy.record.storedAt >= record.storedAt,
    );
    const [delivered] = again < 0 ? [] : handedOut.splice(again, 1);
    const delayMs = delayLevelsMs?.[record.queueId];
    const planned = delayMs === undefined ? null : record.storedAt + delayMs;
    const at = dueAt.get(recordIdOf({ broker, physicalOffset: record.physicalOffset })) ?? delivered?.record.storedAt;
    return {
      attempt: record.reconsumeTimes,
      at: record.storedAt,
      next: { kind: 'retry', at: at ?? planned, delayLevel: record.queueId + 1 },
    };
  });
  // Without a stage in the delay queues: a POP retry, which waits out its invisible time at the consumer.
  const direct = handedOut
    .filter(({ record }) => record.reconsumeTimes > 0)
    .map(
      ({ record }): Aftermath => ({
        attempt: record.reconsumeTimes,
        at: record.storedAt,
        next: { kind: 'retry', at: record.storedAt, delayLevel: null },
      }),
    );
  const deaths = dead.map(
    ({ record }): Aftermath => ({
      attempt: attemptsBefore(record),
      at: record.storedAt,
      next: { kind: 'dead', at: record.storedAt, delayLevel: null },
    }),
  );
  return [...waits, ...direct, ...deaths].filter(({ attempt }) => attempt > 0);
}

export const attemptsBefore = (record: Copy['record']): number =>
  Math.max(1, record.reconsumeTimes - (isPopRecord(record) ? 1 : 0));
