import { QUERY_TOPIC_CONSUME_BY_WHO } from '@/lib/rocketmq/requests/query-topic-consume-by-who';
import { askBrokers, targetOf } from '../ask-brokers';
import type { Ctx } from '../ctx';
import { isSystemGroup } from '../snapshot/system-names';
import type { IndexSearch } from './index-search';

/** Groups that read a topic: by request 300 of every master, and by the offsets and subscriptions of the last sweep. */
export async function subscribedGroups(ctx: Ctx, search: IndexSearch, topics: readonly string[]): Promise<string[]> {
  const found = new Set<string>();
  for (const topic of topics) {
    search.requests += search.brokers.length;
    const { items, failures } = await askBrokers(search.brokers, (broker) =>
      ctx.client.call(QUERY_TOPIC_CONSUME_BY_WHO, { topic }, targetOf(ctx, broker)),
    );
    search.failures.push(...failures.filter(({ code }) => !/^\d+$/.test(code)));
    for (const { value } of items) for (const group of value.groups) found.add(group);
    for (const group of ctx.snapshot()?.groups.values() ?? []) {
      if (group.topics.includes(topic) || group.queues.some((queue) => queue.topic === topic)) found.add(group.name);
    }
  }
  return [...found].filter((group) => !isSystemGroup(group)).sort();
}
