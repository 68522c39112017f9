import { arrayOf, integerOf, requireInteger, requireObject, textOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';
import { addressesOf, type ClusterBroker } from './get-broker-cluster-info';

export interface TopicRoute {
  queues: { brokerName: string; readQueueNums: number; writeQueueNums: number; perm: number; topicSysFlag: number }[];
  /** With acting masters a slave may stand under id 0. */
  brokers: ClusterBroker[];
  orderTopicConf: string | null;
}

/**
 * NameServer. `topic`, `acceptStandardJsonOnly`; body `TopicRouteData`:
 * `{"brokerDatas":[{"brokerAddrs":{"0":"…"},"brokerName":"…","cluster":"…"}],"queueDatas":[{"brokerName":"…","perm":6,
 * "readQueueNums":4,"topicSysFlag":0,"writeQueueNums":4}],"orderTopicConf":"…"}`. 17: no route, which is null.
 */
export const GET_ROUTEINFO_BY_TOPIC = defineRequest<{ topic: string }, TopicRoute | null, 'READ'>({
  name: 'GET_ROUTEINFO_BY_TOPIC',
  code: 105,
  access: 'READ',
  accepts: [0, 17],
  encode: ({ topic }) => ({ fields: { topic, acceptStandardJsonOnly: true } }),
  decode: (reply) => {
    if (reply.code === 17) return null;
    const route = bodyObject(reply, 'TopicRouteData');
    return {
      queues: arrayOf(route.queueDatas).map((value) => {
        const queue = requireObject(value, 'QueueData');
        return {
          brokerName: textOf(queue.brokerName) ?? '',
          readQueueNums: requireInteger(queue, 'readQueueNums', 'QueueData'),
          writeQueueNums: requireInteger(queue, 'writeQueueNums', 'QueueData'),
          perm: requireInteger(queue, 'perm', 'QueueData'),
          topicSysFlag: integerOf(queue.topicSysFlag) ?? 0,
        };
      }),
      brokers: arrayOf(route.brokerDatas).map((value) => {
        const broker = requireObject(value, 'BrokerData');
        return {
          cluster: textOf(broker.cluster) ?? '',
          brokerName: textOf(broker.brokerName) ?? '',
          addresses: addressesOf(broker.brokerAddrs),
        };
      }),
      orderTopicConf: textOf(route.orderTopicConf),
    };
  },
});
