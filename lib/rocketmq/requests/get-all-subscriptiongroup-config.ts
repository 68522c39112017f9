import { dataVersionOf } from '../codec/data-version';
import type { FastjsonValue } from '../codec/fastjson';
import {
  arrayOf,
  booleanOf,
  doubleOf,
  entriesOf,
  integerOf,
  objectOf,
  requireObject,
  textOf,
} from '../codec/fastjson-fields';
import { tableObject } from '../codec/reply-fields';
import { textRecordOf } from '../codec/topic-config';
import { defineRequest } from '../define-request';

/** Used by POP consumers only; push consumers retry along `messageDelayLevel`. */
export type GroupRetryPolicy =
  | { type: 'CUSTOMIZED'; delaysMs: number[] }
  | { type: 'EXPONENTIAL'; initialMs: number; maxMs: number; multiplier: number };

/** Fields a version does not know are null. */
export interface SubscriptionGroupConfig {
  groupName: string;
  consumeEnable: boolean;
  consumeFromMinEnable: boolean;
  consumeBroadcastEnable: boolean;
  consumeMessageOrderly: boolean | null;
  retryQueueNums: number | null;
  retryMaxTimes: number | null;
  retryPolicy: GroupRetryPolicy | null;
  consumeTimeoutMinute: number | null;
  brokerId: number | null;
  whichBrokerWhenConsumeSlowly: number | null;
  notifyConsumerIdsChangedEnable: boolean;
  attributes: Record<string, string>;
}

/**
 * Any replica. No fields (see 21); body `SubscriptionGroupWrapper`:
 * `{"dataVersion":{…},"forbiddenTable":{},"subscriptionGroupTable":{"g":SubscriptionGroupConfig}}`. Holds the system
 * groups too, and differs from broker to broker when somebody changed one only.
 */
export const GET_ALL_SUBSCRIPTIONGROUP_CONFIG = defineRequest<
  void,
  { groups: SubscriptionGroupConfig[]; version: string | null },
  'READ'
>({
  name: 'GET_ALL_SUBSCRIPTIONGROUP_CONFIG',
  code: 201,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const { subscriptionGroupTable } = tableObject(reply, 'SubscriptionGroupWrapper');
    const groups = entriesOf(subscriptionGroupTable).map(([name, value]) => groupConfigOf(value, String(name)));
    return { groups, version: dataVersionOf(reply.body) };
  },
});

/** The `DataVersion` of that table without the table, as `TOPIC_CONFIG_VERSION`. */
export const SUBSCRIPTIONGROUP_CONFIG_VERSION = defineRequest<{ known: string }, string | null, 'READ'>({
  ...GET_ALL_SUBSCRIPTIONGROUP_CONFIG,
  encode: ({ known }) => ({ fields: { groupSeq: 0x7fff_ffff, dataVersion: known, maxGroupNum: 1 } }),
  decode: (reply) => dataVersionOf(reply.body),
});

function groupConfigOf(value: FastjsonValue, name: string): SubscriptionGroupConfig {
  const config = requireObject(value, 'SubscriptionGroupConfig');
  return {
    groupName: textOf(config.groupName) ?? name,
    consumeEnable: booleanOf(config.consumeEnable) ?? true,
    consumeFromMinEnable: booleanOf(config.consumeFromMinEnable) ?? true,
    consumeBroadcastEnable: booleanOf(config.consumeBroadcastEnable) ?? true,
    consumeMessageOrderly: booleanOf(config.consumeMessageOrderly),
    retryQueueNums: integerOf(config.retryQueueNums),
    retryMaxTimes: integerOf(config.retryMaxTimes),
    retryPolicy: retryPolicyOf(config.groupRetryPolicy),
    consumeTimeoutMinute: integerOf(config.consumeTimeoutMinute),
    brokerId: integerOf(config.brokerId),
    whichBrokerWhenConsumeSlowly: integerOf(config.whichBrokerWhenConsumeSlowly),
    notifyConsumerIdsChangedEnable: booleanOf(config.notifyConsumerIdsChangedEnable) ?? true,
    attributes: textRecordOf(config.attributes),
  };
}

function retryPolicyOf(value: FastjsonValue | undefined): GroupRetryPolicy | null {
  const policy = objectOf(value);
  if (policy.type === 'CUSTOMIZED') {
    const { next } = objectOf(policy.customizedRetryPolicy);
    return { type: 'CUSTOMIZED', delaysMs: arrayOf(next).filter((delay) => typeof delay === 'number') };
  }
  if (policy.type !== 'EXPONENTIAL') return null;
  const { initial, max, multiplier } = objectOf(policy.exponentialRetryPolicy);
  // Without an explicit policy the broker falls back on these (ExponentialRetryPolicy).
  return {
    type: 'EXPONENTIAL',
    initialMs: integerOf(initial) ?? 5000,
    maxMs: integerOf(max) ?? 7_200_000,
    multiplier: doubleOf(multiplier) ?? 2,
  };
}
