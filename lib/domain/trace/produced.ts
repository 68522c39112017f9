import type { TraceReply } from '@/lib/contract/trace';
import type { TraceEndTransaction, TraceMessageType, TracePub } from '@/lib/rocketmq/codec/trace-records';
import { bornAtOf } from '../messages/row';
import { type Context, withoutPort } from './contexts';
import type { Copy } from './index-search';

type Produced = NonNullable<TraceReply['produced']>;

const TYPES: Record<NonNullable<TraceMessageType>, Produced['type']> = {
  NORMAL: 'normal',
  TRANS_HALF: 'half',
  TRANS_COMMIT: 'commit',
  DELAY: 'delay',
  ORDER: 'order',
};

/** How the message was sent: from the producer's trace, else from what the first stored copy kept of it. */
export function producedOf(contexts: readonly Context[], origin: Copy | null): Produced | null {
  const pub = contexts.find((context): context is TracePub & { client: string } => context.type === 'Pub');
  const end = contexts.findLast(
    (context): context is TraceEndTransaction & { client: string } => context.type === 'EndTransaction',
  );
  const transaction = end
    ? { state: end.transactionState ?? 'UNKNOW', at: end.at ?? 0, fromCheck: end.fromTransactionCheck }
    : null;
  if (pub)
    return {
      at: pub.at ?? (origin ? bornAtOf(origin.record) : 0),
      costMs: pub.costMs,
      client: pub.clientHost ?? pub.client,
      group: pub.group,
      type: pub.msgType ? TYPES[pub.msgType] : 'unknown',
      success: pub.success,
      transaction,
      source: 'trace',
    };
  if (!origin) return null;
  const { properties, bornHost } = origin.record;
  return {
    at: bornAtOf(origin.record),
    costMs: null,
    client: withoutPort(bornHost),
    group: properties.PGROUP || null,
    type: storedType(properties),
    success: true,
    transaction,
    source: 'stored',
  };
}

function storedType(properties: Readonly<Record<string, string>>): Produced['type'] {
  if (properties.TRAN_MSG === 'true') return 'commit';
  if (Number(properties.DELAY) > 0 || properties.TIMER_OUT_MS !== undefined) return 'delay';
  return properties.__SHARDINGKEY ? 'order' : 'unknown';
}
