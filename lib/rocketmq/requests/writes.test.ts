import { expect, test } from 'vitest';
import type { RemotingCommand } from '../../remoting/command';
import { CodecError } from '../codec/codec-error';
import { CONSUME_MESSAGE_DIRECTLY } from './consume-message-directly';
import { DELETE_TOPIC_IN_NAMESRV } from './delete-topic-in-namesrv';
import { INVOKE_BROKER_TO_RESET_OFFSET } from './invoke-broker-to-reset-offset';
import { SEND_MESSAGE_V2 } from './send-message-v2';
import { UPDATE_CONSUMER_OFFSET } from './update-consumer-offset';

const REPLY: RemotingCommand = {
  code: 0,
  flag: 1,
  language: 'JAVA',
  version: 513,
  opaque: 1,
  extFields: {},
  body: Buffer.alloc(0),
};
const MESSAGE = {
  producerGroup: 'g',
  topic: '%RETRY%g',
  queueId: 0,
  sysFlag: 0x301,
  flag: 7,
  bornAt: 1700000000000,
  properties: { UNIQ_KEY: 'K', KEYS: 'a b' },
  body: Buffer.from('x'),
};

test('310 in letters', () => {
  expect(SEND_MESSAGE_V2.encode(MESSAGE)).toEqual({
    fields: {
      a: 'g',
      b: '%RETRY%g',
      c: '%RETRY%g',
      d: 4,
      e: 0,
      f: 0x301,
      g: 1700000000000,
      h: 7,
      i: 'UNIQ_KEY\u0001K\u0002KEYS\u0001a b\u0002',
      j: 0,
      k: false,
      l: undefined,
      m: false,
      n: undefined,
    },
    body: Buffer.from('x'),
  });
  expect(() => SEND_MESSAGE_V2.encode({ ...MESSAGE, body: Buffer.alloc(0) })).toThrow(CodecError);
});

test.each([0, 10, 11, 12])('310 answered %i: stored', (code) => {
  const extFields = { msgId: '0A00000100002A9F00000000075BCD15', queueId: '0', queueOffset: '5' };
  expect(SEND_MESSAGE_V2.accepts).toContain(code);
  expect(SEND_MESSAGE_V2.decode({ ...REPLY, code, extFields }, MESSAGE)).toEqual({
    stored: true,
    code,
    msgId: extFields.msgId,
    queueId: 0,
    queueOffset: 5,
  });
  expect(SEND_MESSAGE_V2.decode({ ...REPLY, code }, MESSAGE)).toMatchObject({ stored: true, queueOffset: null });
});

test('222 is always the harmless frame', () => {
  const input = { topic: 'T', group: 'g', queueId: 0, offset: 5 };
  expect(INVOKE_BROKER_TO_RESET_OFFSET.encode(input)).toEqual({
    fields: { topic: 'T', group: 'g', queueId: 0, offset: 5, timestamp: 4102444800000, isForce: false },
  });
  for (const wrong of [{ queueId: -1 }, { offset: -1 }, { offset: 1.5 }, { offset: Number.NaN }]) {
    expect(() => INVOKE_BROKER_TO_RESET_OFFSET.encode({ ...input, ...wrong })).toThrow(CodecError);
  }
  const body = Buffer.from('{"offsetTable":{{"brokerName":"b","queueId":0,"topic":"T"}:5}}');
  expect(INVOKE_BROKER_TO_RESET_OFFSET.decode({ ...REPLY, body }, input)).toEqual({
    queues: [{ topic: 'T', brokerName: 'b', queueId: 0, offset: 5 }],
  });
});

test('15 tells when the broker ignored it', () => {
  const input = { consumerGroup: 'g', topic: 'T', queueId: 0, commitOffset: 9 };
  expect(UPDATE_CONSUMER_OFFSET.decode(REPLY, input)).toEqual({ ignored: false });
  const remark = 'Offset has been previously reset';
  expect(UPDATE_CONSUMER_OFFSET.decode({ ...REPLY, remark }, input)).toEqual({ ignored: true });
  expect(() => UPDATE_CONSUMER_OFFSET.encode({ ...input, commitOffset: -5 })).toThrow(CodecError);
});

test('216', () => {
  expect(DELETE_TOPIC_IN_NAMESRV.encode({ topic: 'T' }).fields).toEqual({ topic: 'T' });
});

test('309 names one client and the place of the record', () => {
  const input = {
    consumerGroup: 'g',
    clientId: '10.0.0.7@77',
    msgId: '0A00000100002A9F00000000075BCD15',
    topic: '%DLQ%g',
  };
  expect(CONSUME_MESSAGE_DIRECTLY).toMatchObject({ code: 309, access: 'WRITE' });
  expect(CONSUME_MESSAGE_DIRECTLY.encode(input)).toEqual({ fields: input });
  // A unique key has 32 digits too, but the ids of gRPC clients and plain keys would be read as garbage positions.
  for (const msgId of ['', '01A2B3C4D5E6F7', 'ORD-1', '01'.repeat(17)])
    expect(() => CONSUME_MESSAGE_DIRECTLY.encode({ ...input, msgId })).toThrow(CodecError);
  const answer = (body: string) => CONSUME_MESSAGE_DIRECTLY.decode({ ...REPLY, body: Buffer.from(body) }, input);
  expect(
    answer(
      '{"autoCommit":true,"consumeResult":"CR_THROW_EXCEPTION","order":false,"remark":"java.lang.RuntimeException: x, a.B.c(B.java:7)","spentTimeMills":31}',
    ),
  ).toEqual({
    consumeResult: 'CR_THROW_EXCEPTION',
    remark: 'java.lang.RuntimeException: x, a.B.c(B.java:7)',
    spentMs: 31,
    order: false,
    autoCommit: true,
  });
  const nothing = { consumeResult: null, remark: null, spentMs: null, order: null, autoCommit: null };
  for (const body of ['', '{}', '[]', 'ok']) expect(answer(body)).toEqual(nothing);
});
