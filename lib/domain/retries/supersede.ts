import type { RetryMessage } from '@/lib/contract/messages';

/**
 * One row per message where several records of it stand: a member commits up to 5 s after it sent a message back
 * (`persistConsumerOffsetInterval`), so that the attempt before still counts as due. The higher attempt stays; of one
 * that was delivered between two reads, the due one. Equals in one place were sent back twice, and both will come.
 */
export function withoutSuperseded(messages: readonly RetryMessage[]): RetryMessage[] {
  const latest = new Map<string, RetryMessage>();
  for (const message of messages) {
    const key = keyOf(message);
    const other = key === null ? undefined : latest.get(key);
    if (key !== null && (!other || isLater(message, other))) latest.set(key, message);
  }
  return messages.filter((message) => {
    const key = keyOf(message);
    const last = key === null ? undefined : latest.get(key);
    return !last || !isLater(last, message);
  });
}

/** An application that sends on what it received takes the unique key along: only with its topic it names one message. */
const keyOf = ({ uniqKey, originTopic }: RetryMessage): string | null =>
  uniqKey === null ? null : `${originTopic} ${uniqKey}`;

const isLater = (a: RetryMessage, b: RetryMessage): boolean =>
  a.attempt > b.attempt || (a.attempt === b.attempt && a.where === 'due' && b.where === 'waiting');
