import type { MessageId } from '@/lib/rocketmq/codec/message-id';
import { askBrokers, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { viewRecord } from '../messages/view-record';
import type { Copy, IndexSearch } from './index-search';

/**
 * The record an offset id names. Its address is only compared with the topology, which gives a broker name to ask;
 * for an address nobody has (NAT, a replaced broker) every master is asked for that position, and the record has to
 * carry the same id.
 */
export async function findByPlace(
  ctx: Ctx,
  search: IndexSearch,
  { id, storeHost, physicalOffset }: Extract<MessageId, { kind: 'offset' }>,
): Promise<Copy | null> {
  const { brokers } = await ctx.client.topology.get(within(ctx));
  const home = brokers.find(({ addresses }) => [...addresses.values()].includes(storeHost))?.name;
  const wanted = home !== undefined && search.brokers.includes(home) ? [home] : search.brokers;
  search.requests += wanted.length;
  const asked = await askBrokers(wanted, (broker) => viewRecord(ctx, { broker, physicalOffset }));
  search.failures.push(...asked.failures);
  for (const { broker, value: record } of asked.items)
    if (record?.offsetMessageId === id.toUpperCase()) return { broker, record };
  return null;
}
