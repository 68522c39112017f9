import { isKnown } from '@/lib/contract/primitives';
import { QUERY_TOPIC_CONSUME_BY_WHO } from '@/lib/rocketmq/requests/query-topic-consume-by-who';
import { askBrokers, within } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isSystemGroup } from '../snapshot/system-names';
import type { Holders } from './targets';

export interface Receiver {
  group: string;
  count: number;
  online: boolean | null;
}

/**
 * Every group that would be handed a copy sent to these topics: groups with a stored offset or a subscription (300, all
 * masters), and those the sweep knows, since a POP group appears in 300 only once it has an offset.
 */
export async function receiversOf(
  ctx: Ctx,
  holders: Holders,
  counts: ReadonlyMap<string, number>,
): Promise<{ receivers: Receiver[]; failures: Awaited<ReturnType<typeof askBrokers>>['failures'] }> {
  const snapshot = ctx.snapshot();
  const sums = new Map<string, number>();
  const failures = [];
  for (const [topic, count] of counts) {
    const asked = await askBrokers([...(holders.get(topic)?.keys() ?? [])], (broker) =>
      ctx.client.call(QUERY_TOPIC_CONSUME_BY_WHO, { topic }, { broker, ...within(ctx) }),
    );
    failures.push(...asked.failures);
    const groups = new Set(asked.items.flatMap(({ value }) => value.groups));
    for (const known of snapshot?.groups.values() ?? []) if (known.topics.includes(topic)) groups.add(known.name);
    for (const group of groups) if (!isSystemGroup(group)) sums.set(group, (sums.get(group) ?? 0) + count);
  }
  const receivers = [...sums].map(([group, count]) => {
    const members = snapshot?.groups.get(group)?.members;
    return { group, count, online: members && isKnown(members) ? members.value > 0 : null };
  });
  receivers.sort((a, b) => b.count - a.count || (a.group < b.group ? -1 : 1));
  return { receivers, failures };
}
