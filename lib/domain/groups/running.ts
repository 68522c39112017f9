import type { GroupMember } from '@/lib/contract/groups';
import { causeOf } from '@/lib/rocketmq/errors';
import { type ConsumerRunningInfo, GET_CONSUMER_RUNNING_INFO } from '@/lib/rocketmq/requests/get-consumer-running-info';
import type { Ctx } from '../ctx';
import { live } from '../snapshot/live-brokers';

/** The broker relays it to the client, which may be the very one that hangs. */
const RUNNING_INFO_MS = 1500;
/** A socket of its may hang without the client hanging; one that hangs is not asked by way of every broker. */
const WAYS = 2;

/** Asks the client (307) by way of one broker, then of another. Why it did not answer lies in `notRead`. */
export async function addRunningInfo(ctx: Ctx, group: string, member: GroupMember): Promise<void> {
  const input = { consumerGroup: group, clientId: member.clientId };
  for (const broker of member.brokers.slice(0, WAYS)) {
    try {
      const within = live(ctx, RUNNING_INFO_MS);
      return fill(member, await ctx.client.call(GET_CONSUMER_RUNNING_INFO, input, { broker, ...within }));
    } catch (error) {
      member.notRead ??= causeOf(error).code;
    }
  }
}

function fill(member: GroupMember, info: ConsumerRunningInfo): void {
  const { properties, topics } = info;
  member.notRead = null;
  member.version = properties.PROP_CLIENT_VERSION ?? member.version;
  member.queues = [
    ...info.queues
      .filter(({ isDropped }) => !isDropped)
      .map((queue) => ({
        ...placeOf(queue),
        cached: queue.cachedMsgCount,
        committedOffset: queue.commitOffset,
        lastPullAt: queue.lastPullAt,
        lastConsumeAt: queue.lastConsumeAt,
        locked: queue.isLocked,
      })),
    ...info.popQueues
      .filter(({ isDropped }) => !isDropped)
      .map((queue) => ({
        ...placeOf(queue),
        cached: queue.waitAckCount,
        committedOffset: null,
        lastPullAt: queue.lastPopAt,
        lastConsumeAt: null,
        locked: null,
      })),
  ];
  const business = topics.filter(({ topic }) => !topic.startsWith('%'));
  const slowest = business.flatMap(({ consumeRtMs }) => consumeRtMs ?? []);
  member.running = {
    startedAt: numberIn(properties.PROP_CONSUMER_START_TIMESTAMP),
    consumeType: consumeTypeOf(info),
    orderly: booleanIn(properties.PROP_CONSUMEORDERLY),
    threadsMin: numberIn(properties.consumeThreadMin) ?? numberIn(properties.PROP_THREADPOOL_CORE_SIZE),
    threadsMax: numberIn(properties.consumeThreadMax) ?? numberIn(properties.PROP_THREADPOOL_CORE_SIZE),
    cacheLimit: numberIn(properties.pullThresholdForQueue),
    okPerS: sum(topics.map(({ consumeOkTps }) => consumeOkTps)),
    failedPerS: sum(topics.map(({ consumeFailedTps }) => consumeFailedTps)),
    consumeMs: slowest.length > 0 ? Math.max(...slowest) : null,
    subscriptions: info.subscriptions.map(({ topic, subString, expressionType }) => ({
      topic,
      expression: subString,
      type: expressionType,
    })),
  };
}

const placeOf = ({ topic, brokerName, queueId }: { topic: string; brokerName: string; queueId: number }) => ({
  topic,
  broker: brokerName,
  queueId,
});

/** `ConsumeType.java`: the first of them is push, and POP where the brokers hand out the queues. */
function consumeTypeOf({ properties, queues, popQueues }: ConsumerRunningInfo): string | null {
  const type = properties.PROP_CONSUME_TYPE;
  if (type === undefined) return null;
  if (type === 'CONSUME_POP' || (popQueues.length > 0 && queues.length === 0)) return 'pop';
  return type === 'CONSUME_ACTIVELY' ? 'pull' : 'push';
}

function numberIn(text: string | undefined): number | null {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

const booleanIn = (text: string | undefined): boolean | null => (text === undefined ? null : text === 'true');

function sum(values: readonly (number | null)[]): number | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length > 0 ? known.reduce((total, value) => total + value, 0) : null;
}
