import { PULL_MESSAGE } from '@/lib/rocketmq/requests/pull-message';
import { onWire } from '../scale/session';
import type { Target } from '../scale/target';
import { replay } from '../scale/wire';
import { averageBytes, DEAD_TOPIC, LETTERS, lettersOn } from './letter';

/** Requests that are outstanding, over all masters. */
const OUTSTANDING = 16;
const PER_PULL = 32;

/** All letters once, by the cheapest client there is; ms. Throws when it did not get all of them. */
export async function pullBare({ brokers }: Target): Promise<number> {
  const inFlight = OUTSTANDING / brokers.length;
  const plans = brokers.map(({ address }, index) => {
    const count = lettersOn(index, brokers.length);
    const starts = Array.from({ length: Math.ceil(count / PER_PULL) }, (_, at) => at * PER_PULL);
    const requests = starts.map((queueOffset) =>
      onWire(PULL_MESSAGE, { topic: DEAD_TOPIC, queueId: 0, queueOffset, maxMsgNums: PER_PULL }),
    );
    return { address, requests };
  });
  const startedAt = performance.now();
  const traffic = await Promise.all(plans.map(({ address, requests }) => replay(address, requests, { inFlight })));
  const ms = performance.now() - startedAt;
  const bytes = traffic.reduce((sum, { receivedBytes }) => sum + receivedBytes, 0);
  if (bytes < 0.99 * averageBytes() * LETTERS) throw new Error(`The bare client got ${bytes} bytes only.`);
  return ms;
}
