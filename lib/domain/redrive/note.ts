import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { accessRefused } from '../access-refused';
import type { Outcome } from '../mutation';

/** Key and parameters of why a job pauses. */
export type Note = NonNullable<Outcome['error']>;

/** What a broker or the way to it said; `broker` may be empty when only its address is known. Rethrows everything else. */
export function noteOf(error: unknown, broker: string): Note {
  if (error instanceof RemotingError) return { key: 'broker_unreachable', params: { broker: broker || error.address } };
  const refused = accessRefused(error, broker);
  if (refused) return refused;
  if (error instanceof RocketMQError) {
    return {
      key: 'broker_refused',
      params: { broker: broker || error.address, code: error.code, remark: error.remark.slice(0, 200) },
    };
  }
  throw error;
}
