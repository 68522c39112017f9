import { describe, expect, test } from 'vitest';
import type { RemotingCommand } from '../../remoting/command';
import { CodecError } from '../codec/codec-error';
import { PULL_RESPONSE, RECORD_V1 } from '../codec/vectors';
import { AUTH_LIST_USER } from './auth-list-user';
import { GET_ALL_CONSUMER_OFFSET } from './get-all-consumer-offset';
import { GET_ALL_DELAY_OFFSET } from './get-all-delay-offset';
import { GET_ALL_PRODUCER_INFO } from './get-all-producer-info';
import { GET_ALL_SUBSCRIPTIONGROUP_CONFIG } from './get-all-subscriptiongroup-config';
import { GET_ALL_TOPIC_CONFIG } from './get-all-topic-config';
import { GET_BROKER_CLUSTER_INFO } from './get-broker-cluster-info';
import { GET_BROKER_CONSUME_STATS } from './get-broker-consume-stats';
import { GET_BROKER_RUNTIME_INFO } from './get-broker-runtime-info';
import { GET_CONSUMER_CONNECTION_LIST } from './get-consumer-connection-list';
import { GET_CONSUMER_RUNNING_INFO } from './get-consumer-running-info';
import { GET_EARLIEST_MSG_STORETIME } from './get-earliest-msg-storetime';
import { GET_ROUTEINFO_BY_TOPIC } from './get-routeinfo-by-topic';
import { GET_TOPIC_STATS_INFO } from './get-topic-stats-info';
import { PULL_MESSAGE } from './pull-message';
import { QUERY_CONSUME_QUEUE } from './query-consume-queue';
import { QUERY_CONSUMER_OFFSET } from './query-consumer-offset';
import { QUERY_MESSAGE } from './query-message';
import { VIEW_MESSAGE_BY_ID } from './view-message-by-id';

function reply(parts: Omit<Partial<RemotingCommand>, 'body'> & { body?: Buffer | string }): RemotingCommand {
  const body = Buffer.from(parts.body ?? '');
  return { code: 0, flag: 1, language: 'JAVA', version: 513, opaque: 1, extFields: {}, ...parts, body };
}

/** Bodies as the serialiser of RocketMQ 5.5.0-SNAPSHOT writes them, shortened. */
describe('tables', () => {
  test('106', () => {
    const body =
      '{"brokerAddrTable":{"broker-a":{"brokerAddrs":{0:"10.0.0.1:10911"},"brokerName":"broker-a","cluster":"DefaultCluster","enableActingMaster":false}},"clusterAddrTable":{"DefaultCluster":["broker-a"]}}';
    expect(GET_BROKER_CLUSTER_INFO.decode(reply({ body }), undefined)).toEqual({
      brokers: [{ cluster: 'DefaultCluster', brokerName: 'broker-a', addresses: { '0': '10.0.0.1:10911' } }],
    });
  });

  test('3005 leaves the passwords behind', () => {
    // As a broker of 5.5.0 answers, to a user that may only read.
    const body =
      '[{"password":"admin-secret-of-the-sandbox","userStatus":"enable","userType":"Super","username":"sandbox-admin"},{"password":"reader-secret-of-the-sandbox","userStatus":"enable","userType":"Normal","username":"sandbox-reader"}]';
    expect(AUTH_LIST_USER.decode(reply({ body, remark: 'not set any response code' }), {})).toEqual([
      { username: 'sandbox-admin', type: 'Super', status: 'enable' },
      { username: 'sandbox-reader', type: 'Normal', status: 'enable' },
    ]);
  });

  test('105', () => {
    const body =
      '{"brokerDatas":[{"brokerAddrs":{"0":"10.0.0.1:10911","1":"10.0.0.2:10911"},"brokerName":"broker-a","cluster":"c","enableActingMaster":false}],"filterServerTable":{},"orderTopicConf":"broker-a:4","queueDatas":[{"brokerName":"broker-a","perm":6,"readQueueNums":4,"topicSysFlag":0,"writeQueueNums":4}]}';
    expect(GET_ROUTEINFO_BY_TOPIC.decode(reply({ body }), { topic: 'T' })).toEqual({
      queues: [{ brokerName: 'broker-a', perm: 6, readQueueNums: 4, topicSysFlag: 0, writeQueueNums: 4 }],
      brokers: [{ cluster: 'c', brokerName: 'broker-a', addresses: { '0': '10.0.0.1:10911', '1': '10.0.0.2:10911' } }],
      orderTopicConf: 'broker-a:4',
    });
    expect(GET_ROUTEINFO_BY_TOPIC.decode(reply({ code: 17 }), { topic: 'T' })).toBeNull();
  });

  test('21, of 4.9 too', () => {
    const body =
      '{"topicConfigTable":{"T":{"order":false,"perm":6,"readQueueNums":4,"topicFilterType":"SINGLE_TAG","topicName":"T","topicSysFlag":0,"writeQueueNums":8}}}';
    expect(GET_ALL_TOPIC_CONFIG.decode(reply({ body }), undefined).topics).toMatchObject([
      { topicName: 'T', writeQueueNums: 8, attributes: {} },
    ]);
    // What only fastjson reads: a bare key, and a row that refers to another.
    const row = '{"perm":6,"readQueueNums":4,"writeQueueNums":8,"attributes":{"message.type":"FIFO"}}';
    const odd = `{"dataVersion":{1:2},"topicConfigTable":{"T":${row},"U":{"$ref":"$.topicConfigTable.T"}}}`;
    expect(GET_ALL_TOPIC_CONFIG.decode(reply({ body: odd }), undefined).topics).toMatchObject([
      { topicName: 'T', attributes: { 'message.type': 'FIFO' } },
      { topicName: 'U', writeQueueNums: 8 },
    ]);
    const bare = `{"dataVersion":{1:2},"topicConfigTable":{"T":${row}}}`;
    expect(GET_ALL_TOPIC_CONFIG.decode(reply({ body: bare }), undefined).topics).toHaveLength(1);
    expect(GET_ALL_TOPIC_CONFIG.encode(undefined)).toEqual({});
  });

  test('202', () => {
    const body =
      '{"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"T"}:{"lastUpdateTimestamp":1700000000000,"maxOffset":42,"minOffset":0},{"brokerName":"broker-a","queueId":1,"topic":"T"}:{"lastUpdateTimestamp":0,"maxOffset":0,"minOffset":0}},"topicPutTps":0.0}';
    expect(GET_TOPIC_STATS_INFO.decode(reply({ body }), { topic: 'T' })?.queues).toEqual([
      { topic: 'T', brokerName: 'broker-a', queueId: 0, minOffset: 0, maxOffset: 42, lastUpdatedAt: 1700000000000 },
      { topic: 'T', brokerName: 'broker-a', queueId: 1, minOffset: 0, maxOffset: 0, lastUpdatedAt: null },
    ]);
    expect(GET_TOPIC_STATS_INFO.decode(reply({ code: 17 }), { topic: 'T' })).toBeNull();
  });

  const row = (queueId: number, consumerOffset: string) =>
    `{"brokerName":"b","queueId":${queueId},"topic":"T"}:{"brokerOffset":42,"consumerOffset":${consumerOffset},"lastTimestamp":1700000000000,"pullOffset":41}`;

  test('317, with an offset that somebody wrote beyond every queue', () => {
    const body = `{"brokerAddr":"10.0.0.1:10911","consumeStatsList":[{"g1":[{"consumeTps":0.5,"offsetTable":{${row(0, '40')},${row(1, '9223372036854775807')}}},{"consumeTps":0.25,"offsetTable":{}}]},{"g2":[]}],"totalDiff":2,"totalInflightDiff":-178}`;
    expect(GET_BROKER_CONSUME_STATS.decode(reply({ body }), {}).groups).toMatchObject([
      { group: 'g1', consumeTps: 0.75, queues: [{ consumerOffset: 40 }, { consumerOffset: null }] },
      { group: 'g2', consumeTps: null, queues: [] },
    ]);
  });

  test('202: the short way and the parser read the same', () => {
    const rows = [
      '{"brokerName":"b","queueId":1,"topic":"%RETRY%g"}:{"lastUpdateTimestamp":1700000000000,"maxOffset":42,"minOffset":7}',
      '{"brokerName":"b","queueId":0,"topic":"%RETRY%g"}:{"lastUpdateTimestamp":0,"maxOffset":0,"minOffset":-1}',
    ].join(',');
    const read = (body: string) => GET_TOPIC_STATS_INFO.decode(reply({ body }), { topic: 'T' });
    const expected = {
      queues: [
        { topic: '%RETRY%g', brokerName: 'b', queueId: 1, minOffset: 7, maxOffset: 42, lastUpdatedAt: 1700000000000 },
        { topic: '%RETRY%g', brokerName: 'b', queueId: 0, minOffset: -1, maxOffset: 0, lastUpdatedAt: null },
      ],
    };
    expect(read(`{"offsetTable":{${rows}}}`)).toEqual(expected);
    expect(read(`{"offsetTable":{${rows}},"topicPutTps":0.0}`)).toEqual(expected);
    expect(read(`{"offsetTable" : {${rows}},"topicPutTps":0.0}`)).toEqual(expected);
    expect(read('{"offsetTable":{}}')).toEqual({ queues: [] });
    for (const broken of [`{"offsetTable":{${rows}}`, `{"offsetTable":{${rows},}}`, `{"offsetTable":{${rows}}}x`])
      expect(() => read(broken)).toThrow(CodecError);
  });

  test('43: broadcast keys and rows nobody could have meant', () => {
    const body =
      '{"dataVersion":{"counter":1},"offsetTable":{"T@g1":{0:5,9:-5},"%RETRY%g1@g1":{0:1},"T@g2@broadcast":{0:7},"junk":{0:1},"T@g3":{0:9223372036854775807}}}';
    // biome-ignore lint/suspicious/noSparseArray: holes are what is meant.
    const offsets = [5, , , , , , , , , -5];
    expect(GET_ALL_CONSUMER_OFFSET.decode(reply({ body }), {}).entries).toEqual([
      { topic: 'T', group: 'g1', isBroadcast: false, offsets },
      { topic: '%RETRY%g1', group: 'g1', isBroadcast: false, offsets: [1] },
      { topic: 'T', group: 'g2', isBroadcast: true, offsets: [7] },
      { topic: 'T', group: 'g3', isBroadcast: false, offsets: [null] },
    ]);
  });

  test('45', () => {
    const body = '{"dataVersion":{},"offsetTable":{1:0,3:17}}';
    expect(GET_ALL_DELAY_OFFSET.decode(reply({ body }), undefined)).toEqual({
      levels: [
        { level: 1, deliveredOffset: 0 },
        { level: 3, deliveredOffset: 17 },
      ],
    });
  });

  test('201', () => {
    const body =
      '{"forbiddenTable":{},"subscriptionGroupTable":{"g1":{"attributes":{},"brokerId":0,"consumeBroadcastEnable":true,"consumeEnable":false,"consumeFromMinEnable":true,"consumeMessageOrderly":false,"consumeTimeoutMinute":15,"groupName":"g1","groupRetryPolicy":{"type":"EXPONENTIAL","exponentialRetryPolicy":{"initial":5000,"max":7200000,"multiplier":2}},"groupSysFlag":0,"notifyConsumerIdsChangedEnable":true,"retryMaxTimes":16,"retryQueueNums":1,"whichBrokerWhenConsumeSlowly":1}}}';
    expect(GET_ALL_SUBSCRIPTIONGROUP_CONFIG.decode(reply({ body }), undefined).groups).toMatchObject([
      {
        groupName: 'g1',
        consumeEnable: false,
        retryMaxTimes: 16,
        retryPolicy: { type: 'EXPONENTIAL', initialMs: 5000, maxMs: 7200000, multiplier: 2 },
      },
    ]);
  });

  test('28', () => {
    const body =
      '{"table":{"brokerVersionDesc":"V5_5_0","putTps":"0.0 0.0666 ","bootTimestamp":"1700000000000","commitLogMinOffset":"-1","scheduleMessageOffset_3":"17,19","scheduleMessageOffset_x":"1,2","commitLogDiskRatio":"0.12"}}';
    expect(GET_BROKER_RUNTIME_INFO.decode(reply({ body }), undefined)).toMatchObject({
      versionName: 'V5_5_0',
      bootAt: 1700000000000,
      putTps: [0, 0.0666],
      getTransferredTps: [],
      commitLogMinOffset: null,
      commitLogDiskRatio: 0.12,
      dispatchBehindBytes: null,
      delayLevels: [{ level: 3, deliveredOffset: 17, maxOffset: 19 }],
    });
  });

  test('203', () => {
    const body =
      '{"connectionSet":[{"clientAddr":"10.0.0.9:51234","clientId":"10.0.0.9@123#456","language":"JAVA","version":479}],"consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","subscriptionTable":{"T":{"classFilterMode":false,"codeSet":[2598919],"expressionType":"TAG","subString":"TagA || TagB","subVersion":1700000000000,"tagsSet":["TagA","TagB"],"topic":"T"}}}';
    expect(GET_CONSUMER_CONNECTION_LIST.decode(reply({ body }), { consumerGroup: 'g' })).toMatchObject({
      connections: [{ clientId: '10.0.0.9@123#456', version: 479 }],
      consumeType: 'CONSUME_PASSIVELY',
      subscriptions: [{ topic: 'T', tags: ['TagA', 'TagB'] }],
    });
    expect(GET_CONSUMER_CONNECTION_LIST.decode(reply({ code: 206 }), { consumerGroup: 'g' })).toBeNull();
  });

  test('328: the address as records carry it', () => {
    const body =
      '{"data":{"pg":[{"clientId":"10.0.0.9@123","language":"JAVA","lastUpdateTimestamp":1700000000000,"remoteIP":"/10.0.0.9:51234","version":479}]}}';
    expect(GET_ALL_PRODUCER_INFO.decode(reply({ body }), undefined).producers).toEqual([
      { group: 'pg', clientId: '10.0.0.9@123', address: '10.0.0.9:51234', language: 'JAVA', version: 479 },
    ]);
    expect(GET_ALL_PRODUCER_INFO.decode(reply({ body: '{"data":{}}' }), undefined).producers).toEqual([]);
  });

  test('307, from a Go client', () => {
    const body =
      '{"properties":{"PROP_CONSUMEORDERLY":"false"},"mqTable":{"{\\"brokerName\\":\\"b\\",\\"queueId\\":3,\\"topic\\":\\"T\\"}":{"commitOffset":7,"droped":false}},"jstack":"a {0:1}"}';
    expect(GET_CONSUMER_RUNNING_INFO.decode(reply({ body }), { consumerGroup: 'g', clientId: 'c' })).toMatchObject({
      queues: [{ topic: 'T', brokerName: 'b', queueId: 3, commitOffset: 7, cachedMsgCount: null, isDropped: false }],
      popQueues: [],
      jstack: 'a {0:1}',
    });
  });

  test('321, and an index outside the queue', () => {
    const body =
      '{"maxQueueIndex":6,"minQueueIndex":0,"queueData":[{"eval":false,"physicOffset":123456,"physicSize":178,"tagsCode":1700000020000}]}';
    const input = { topic: 'SCHEDULE_TOPIC_XXXX', queueId: 2, index: 5, count: 5000 };
    expect(QUERY_CONSUME_QUEUE.decode(reply({ body }), input).entries).toEqual([
      { queueOffset: 5, physicalOffset: 123456, sizeBytes: 178, tagsCode: 1700000020000 },
    ]);
    expect(QUERY_CONSUME_QUEUE.decode(reply({ remark: 'Index 0 of 0@T is not exist!' }), input).entries).toEqual([]);
    expect(QUERY_CONSUME_QUEUE.encode(input).fields?.count).toBe(1000);
  });

  test('offsets: none stored, none there, none told', () => {
    const queue = { consumerGroup: 'g', topic: 'T', queueId: 0 };
    expect(QUERY_CONSUMER_OFFSET.encode(queue).fields).toMatchObject({ setZeroIfNotFound: false });
    expect(QUERY_CONSUMER_OFFSET.decode(reply({ code: 22 }), queue)).toBeNull();
    expect(QUERY_CONSUMER_OFFSET.decode(reply({ extFields: { offset: '7' } }), queue)).toBe(7);
    expect(() => QUERY_CONSUMER_OFFSET.decode(reply({}), queue)).toThrow(CodecError);
    expect(GET_EARLIEST_MSG_STORETIME.decode(reply({ extFields: { timestamp: '-1' } }), queue)).toBeNull();
  });
});

describe('messages', () => {
  test('a pull leaves no trace', () => {
    expect(PULL_MESSAGE.encode({ topic: 'T', queueId: 0, queueOffset: 5 }).fields).toEqual({
      consumerGroup: 'TOOLS_CONSUMER',
      topic: 'T',
      queueId: 0,
      queueOffset: 5,
      maxMsgNums: 32,
      sysFlag: 4,
      commitOffset: 0,
      suspendTimeoutMillis: 0,
      subVersion: 0,
      subscription: '*',
      expressionType: 'TAG',
    });
  });

  test('a pull that found messages', () => {
    const headerEnd = 8 + PULL_RESPONSE.readInt32BE(4);
    const header = JSON.parse(PULL_RESPONSE.toString('utf8', 8, headerEnd)) as RemotingCommand;
    const found = reply({ ...header, body: PULL_RESPONSE.subarray(headerEnd) });
    expect(PULL_MESSAGE.decode(found, { topic: 'TopicTest', queueId: 3, queueOffset: 42 })).toMatchObject({
      status: 'FOUND',
      messages: [{ queueOffset: 42 }, { queueOffset: 43 }],
      damaged: [],
      nextBeginOffset: 44,
      minOffset: 0,
      maxOffset: 44,
    });
  });

  test.each([
    ['end', 19, { next: 10, min: 0, max: 10 }, { status: 'END', nextBeginOffset: 10 }],
    ['empty queue', 19, { next: 0, min: 0, max: 0 }, { status: 'END' }],
    ['hole', 19, { next: 12, min: 0, max: 20 }, { status: 'NO_MATCH', nextBeginOffset: 12 }],
    ['filtered', 20, { next: 810, min: 0, max: 2000 }, { status: 'NO_MATCH', nextBeginOffset: 810 }],
    ['below the queue', 21, { next: 15, min: 15, max: 20 }, { status: 'MOVED', nextBeginOffset: 15 }],
    ['below, told by a slave', 21, { next: 10, min: 15, max: 20 }, { status: 'MOVED', nextBeginOffset: 15 }],
    ['above the queue', 21, { next: 4, min: 0, max: 4 }, { status: 'END', nextBeginOffset: 4 }],
  ])('pull at 10: %s', (_, code, { next, min, max }, expected) => {
    const extFields = { nextBeginOffset: `${next}`, minOffset: `${min}`, maxOffset: `${max}` };
    const input = { topic: 'T', queueId: 0, queueOffset: 10 };
    expect(PULL_MESSAGE.decode(reply({ code, extFields }), input)).toMatchObject(expected);
  });

  test('pull of an unknown topic', () => {
    expect(PULL_MESSAGE.decode(reply({ code: 17 }), { topic: 'T', queueId: 0, queueOffset: 0 })).toMatchObject({
      status: 'NO_TOPIC',
      messages: [],
    });
  });

  test('12 drops what only shares the hash', () => {
    const find = (topic: string, key: string) =>
      QUERY_MESSAGE.decode(reply({ body: RECORD_V1 }), { topic, key }).messages.length;
    expect(find('TopicTest', 'order-1')).toBe(1);
    expect(find('TopicTest', '0A00000904D218B4AAC2A1B2C3D40000')).toBe(1);
    expect(find('TopicTest', 'order')).toBe(0);
    expect(find('TopicTesu', 'order-1')).toBe(0);
    expect(QUERY_MESSAGE.decode(reply({ code: 22 }), { topic: 'T', key: 'k' })).toEqual({
      messages: [],
      damaged: [],
      hits: 0,
    });
    expect(QUERY_MESSAGE.encode({ topic: 'T', key: 'k' }).fields).toEqual({
      topic: 'T',
      key: 'k',
      maxNum: 64,
      beginTimestamp: 0,
      endTimestamp: '9223372036854775807',
    });
  });

  test('33 believes only a record that lies where it was asked for', () => {
    const view = (physicalOffset: number) =>
      VIEW_MESSAGE_BY_ID.decode(reply({ body: RECORD_V1 }), { physicalOffset })?.topic;
    expect(view(123456789)).toBe('TopicTest');
    expect(view(123456788)).toBeUndefined();
    expect(VIEW_MESSAGE_BY_ID.decode(reply({ code: 1, remark: 'newLimit < 0' }), { physicalOffset: 1 })).toBeNull();
  });
});
