import type { FastjsonValue } from '../codec/fastjson';
import { arrayOf, booleanOf, doubleOf, entriesOf, integerOf, objectOf, textOf } from '../codec/fastjson-fields';
import { type MessageQueue, queueRowsOf } from '../codec/message-queue';
import { bodyObject, instantOf } from '../codec/reply-fields';
import { type SubscriptionData, subscriptionDataOf } from '../codec/subscription-data';
import { textRecordOf } from '../codec/topic-config';
import { defineRequest } from '../define-request';

export interface ConsumerRunningInfo {
  /** `PROP_CONSUMEORDERLY`, `PROP_CLIENT_VERSION`, `PROP_CONSUMER_START_TIMESTAMP`, … and every option of the client. */
  properties: Record<string, string>;
  subscriptions: SubscriptionData[];
  queues: RunningQueue[];
  popQueues: (MessageQueue & { waitAckCount: number | null; lastPopAt: number | null; isDropped: boolean })[];
  topics: {
    topic: string;
    pullRtMs: number | null;
    pullTps: number | null;
    consumeRtMs: number | null;
    consumeOkTps: number | null;
    consumeFailedTps: number | null;
    /** Within the last hour. */
    consumeFailedMsgs: number | null;
  }[];
  jstack: string | null;
}
export interface RunningQueue extends MessageQueue {
  commitOffset: number | null;
  cachedMsgCount: number | null;
  cachedMsgMinOffset: number | null;
  cachedMsgMaxOffset: number | null;
  cachedMsgSizeMiB: number | null;
  isLocked: boolean;
  isDropped: boolean;
  lastLockAt: number | null;
  lastPullAt: number | null;
  lastConsumeAt: number | null;
}

export interface GetConsumerRunningInfoInput {
  consumerGroup: string;
  clientId: string;
  jstackEnable?: boolean | undefined;
}

/**
 * The broker the client is connected to, which relays it; wait 12 s. `consumerGroup`, `clientId`, `jstackEnable`; body
 * `ConsumerRunningInfo` in the flavour of the client's SDK, so every field may be missing. Errors: 207 the client did not answer in 10 s,
 * 1 it is not connected here or too old.
 */
export const GET_CONSUMER_RUNNING_INFO = defineRequest<GetConsumerRunningInfoInput, ConsumerRunningInfo, 'READ'>({
  name: 'GET_CONSUMER_RUNNING_INFO',
  code: 307,
  access: 'READ',
  encode: ({ consumerGroup, clientId, jstackEnable = false }) => ({
    fields: { consumerGroup, clientId, jstackEnable },
  }),
  decode: (reply) => {
    const info = bodyObject(reply, 'ConsumerRunningInfo');
    return {
      properties: textRecordOf(info.properties),
      subscriptions: arrayOf(info.subscriptionSet).map((value) => subscriptionDataOf(value)),
      queues: queueRowsOf(info.mqTable, 'ConsumerRunningInfo').map(([queue, value]) => runningQueueOf(queue, value)),
      popQueues: queueRowsOf(info.mqPopTable, 'ConsumerRunningInfo').map(([queue, value]) => {
        const row = objectOf(value);
        return {
          ...queue,
          waitAckCount: integerOf(row.waitAckCount),
          lastPopAt: instantOf(row.lastPopTimestamp),
          isDropped: booleanOf(row.droped) ?? false,
        };
      }),
      topics: entriesOf(info.statusTable).map(([topic, value]) => {
        const status = objectOf(value);
        return {
          topic: String(topic),
          pullRtMs: doubleOf(status.pullRT),
          pullTps: doubleOf(status.pullTPS),
          consumeRtMs: doubleOf(status.consumeRT),
          consumeOkTps: doubleOf(status.consumeOKTPS),
          consumeFailedTps: doubleOf(status.consumeFailedTPS),
          consumeFailedMsgs: integerOf(status.consumeFailedMsgs),
        };
      }),
      jstack: textOf(info.jstack),
    };
  },
});

function runningQueueOf(queue: MessageQueue, value: FastjsonValue): RunningQueue {
  const row = objectOf(value);
  return {
    ...queue,
    commitOffset: integerOf(row.commitOffset),
    cachedMsgCount: integerOf(row.cachedMsgCount),
    cachedMsgMinOffset: integerOf(row.cachedMsgMinOffset),
    cachedMsgMaxOffset: integerOf(row.cachedMsgMaxOffset),
    cachedMsgSizeMiB: integerOf(row.cachedMsgSizeInMiB),
    isLocked: booleanOf(row.locked) ?? false,
    isDropped: booleanOf(row.droped) ?? false,
    lastLockAt: instantOf(row.lastLockTimestamp),
    lastPullAt: instantOf(row.lastPullTimestamp),
    lastConsumeAt: instantOf(row.lastConsumeTimestamp),
  };
}
