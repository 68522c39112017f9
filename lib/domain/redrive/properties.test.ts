import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isReservedProperty } from '@/lib/rocketmq/codec/message-properties';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { outcomeOfAnswer, outcomeOfError } from './outcome';
import { type Destination, fitsIn, keptSysFlag, redriveProperties } from './properties';

const marker = { operationId: 'OP', n: 3, k: 2, source: 'broker-a:100' };
const MARKERS = { RDX_OP: 'OP', RDX_N: '3', RDX_K: '2', RDX_SRC: 'broker-a:100' };
const make = (destination: Destination, letter: Record<string, string>, newUniqKey?: string) =>
  redriveProperties(letter, { destination, group: 'g', originTopic: 'orders', marker, newUniqKey });
const made = (destination: Destination, letter: Record<string, string>) => {
  const { RDX_OP: _o, RDX_N: _n, RDX_K: _k, RDX_SRC: _s, ...rest } = make(destination, letter).properties;
  return rest;
};
const DESTINATIONS: Destination[] = ['retry', 'pop', 'topic'];

test.each<[row: string, letter: Record<string, string>, retry: object, pop: object, topic: object]>([
  [
    'user properties, KEYS, TAGS',
    { a: '1', KEYS: 'k l', TAGS: 't' },
    { a: '1', KEYS: 'k l', TAGS: 't' },
    { a: '1', KEYS: 'k l', TAGS: 't' },
    { a: '1', KEYS: 'k l', TAGS: 't' },
  ],
  ['UNIQ_KEY', { UNIQ_KEY: 'U' }, { UNIQ_KEY: 'U' }, { UNIQ_KEY: 'U' }, { UNIQ_KEY: 'U' }],
  ['RETRY_TOPIC', { RETRY_TOPIC: '%RETRY%g_orders' }, {}, {}, {}],
  [
    'ORIGIN_MESSAGE_ID',
    { ORIGIN_MESSAGE_ID: 'ID' },
    { ORIGIN_MESSAGE_ID: 'ID' },
    { ORIGIN_MESSAGE_ID: 'ID' },
    { RDX_ORIGIN: 'ID' },
  ],
  ['ORIGIN_GROUP', { ORIGIN_GROUP: 'other' }, {}, {}, {}],
  [
    'sharding key and trace',
    { __SHARDINGKEY: 's', TRACE_CONTEXT: 'c' },
    { __SHARDINGKEY: 's', TRACE_CONTEXT: 'c' },
    { __SHARDINGKEY: 's', TRACE_CONTEXT: 'c' },
    { __SHARDINGKEY: 's', TRACE_CONTEXT: 'c' },
  ],
])('safety §5.5.1: %s', (_row, letter, retry, pop, topic) => {
  expect(made('retry', letter)).toEqual({ ...retry, RETRY_TOPIC: 'orders' });
  expect(made('pop', letter)).toEqual({ ...pop, ORIGIN_GROUP: 'g' });
  expect(made('topic', letter)).toEqual(topic);
});

test('a property travels whatever it is called', () => {
  const { properties, dropped } = make('retry', JSON.parse('{"__proto__":"x","constructor":"y"}'));
  expect(Object.entries(properties)).toEqual(
    expect.arrayContaining([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]),
  );
  expect(dropped).toEqual([]);
});

test('safety §5.5.1: what RocketMQ set on the way is dropped', () => {
  const names =
    `TRAN_MSG PGROUP __transactionId__ TRANSACTION_CHECK_TIMES TRAN_PREPARED_QUEUE_OFFSET DELAY TIMER_DELIVER_MS
    TIMER_OUT_MS TIMER_DELAY_LEVEL TIMER_ANYTHING REAL_TOPIC REAL_QID RECONSUME_TIME MAX_RECONSUME_TIMES MIN_OFFSET MAX_OFFSET
    CONSUME_START_TIME POP_CK POP_CK_OFFSET 1ST_POP_TIME WAIT CLUSTER MSG_REGION TRACE_ON INNER_NUM INNER_BASE INNER_X
    __CRC32# DLQ_ORIGIN_TOPIC MSG_TYPE`.split(/\s+/);
  const letter = Object.fromEntries(names.map((name) => [name, 'x']));
  for (const destination of DESTINATIONS) {
    const { properties, dropped } = make(destination, letter);
    for (const name of names) expect(properties).not.toHaveProperty([name]);
    expect(dropped.sort()).toEqual([...names].sort());
  }
});

test('markers of an earlier redrive are replaced; a new id keeps the old one beside it', () => {
  const { properties } = make('retry', { RDX_OP: 'old', RDX_N: '9', RDX_ORIGIN: 'x', UNIQ_KEY: 'U' }, 'NEW');
  expect(properties).toEqual({ ...MARKERS, UNIQ_KEY: 'NEW', RDX_ORIGIN_UNIQ_KEY: 'U', RETRY_TOPIC: 'orders' });
});

test('no reserved name survives unless it stands in the table', () => {
  const allowed = new Set([
    'KEYS',
    'TAGS',
    'UNIQ_KEY',
    '__SHARDINGKEY',
    'TRACE_CONTEXT',
    'RETRY_TOPIC',
    'ORIGIN_MESSAGE_ID',
    'ORIGIN_GROUP',
  ]);
  const name = fc.oneof(
    fc.string({ minLength: 1 }),
    fc.constantFrom('DELAY', 'TRAN_MSG', 'KEYS', 'TIMER_X', 'INNER_Y', 'RETRY_TOPIC', 'POP_CK'),
  );
  fc.assert(
    fc.property(fc.dictionary(name, fc.string()), fc.constantFrom(...DESTINATIONS), (letter, destination) => {
      const { properties } = make(destination, letter);
      for (const key of Object.keys(properties)) expect(!isReservedProperty(key) || allowed.has(key)).toBe(true);
      for (const key of Object.keys(letter))
        if (!isReservedProperty(key) && !key.startsWith('RDX_')) expect(properties[key]).toBe(letter[key]);
      expect(properties).toMatchObject(MARKERS);
    }),
  );
});

test('compression bits stay, transaction and host bits go', () => {
  expect(keptSysFlag(0x001 | 0x300 | 0x00c | 0x010 | 0x002)).toBe(0x301);
});

test('properties leave room for what the broker adds', () => {
  expect(fitsIn({ a: 'x'.repeat(32_000) })).toBe(true);
  expect(fitsIn({ a: '語'.repeat(10_900) })).toBe(false);
});

const answer = (code: number) => outcomeOfError(new RocketMQError(code, 'remark\nstack', 'SEND_MESSAGE_V2', 'a'));

test('safety §5.2: outcome of every answer', () => {
  const stored = { stored: true, msgId: 'ID', queueId: 0, queueOffset: 7 } as const;
  expect(outcomeOfAnswer({ ...stored, code: 0 })).toMatchObject({
    state: 'CONFIRMED',
    offsetMsgId: 'ID',
    queueOffset: 7,
  });
  for (const code of [10, 11, 12] as const) expect(outcomeOfAnswer({ ...stored, code }).state).toBe('STORED_UNCERTAIN');
  for (const code of [2, 14, 215])
    expect(answer(code)).toMatchObject({ state: 'REJECTED', next: 'again', remark: 'remark' });
  expect(answer(13)).toMatchObject({ state: 'REJECTED', next: 'skip' });
  for (const code of [15, 16, 17, 26, 29]) expect(answer(code)).toMatchObject({ state: 'REJECTED', next: 'stop' });
  for (const code of [1, 3, 206, 999]) expect(answer(code)).toMatchObject({ state: 'UNKNOWN' });
  for (const kind of ['TIMEOUT', 'CLOSED', 'FRAME', 'ABORTED'] as const) {
    expect(outcomeOfError(new RemotingError(kind, 'a', 'm', true)).state).toBe('UNKNOWN');
    expect(outcomeOfError(new RemotingError(kind, 'a', 'm', false))).toMatchObject({
      state: 'REJECTED',
      next: 'again',
    });
  }
  const unsigned = 'org.apache.rocketmq.acl.common.AclException: No accessKey is configured, at …';
  expect(outcomeOfError(new RocketMQError(1, unsigned, 'SEND_MESSAGE_V2', 'a'))).toMatchObject({
    state: 'REJECTED',
    next: 'stop',
  });
  expect(() => outcomeOfError(new TypeError('bug'))).toThrow('bug');
});
