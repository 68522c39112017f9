import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBody } from './body-codec';
import { CodecError } from './codec-error';
import { decodeBatch, decodeStoredMessages } from './stored-message';
import { BATCH_BODY, PULL_RESPONSE, RECORD_IPV6, RECORD_V1, RECORD_V2, RECORD_WAITING, RECORD_ZLIB } from './vectors';

function decodeOne(record: Buffer) {
  const { messages, damaged } = decodeStoredMessages(record);
  expect(damaged).toEqual([]);
  expect(messages).toHaveLength(1);
  return messages[0] as NonNullable<(typeof messages)[0]>;
}

function patched(record: Buffer, change: (copy: Buffer) => void): Buffer {
  const copy = Buffer.from(record);
  change(copy);
  return copy;
}

describe('records of RocketMQ 5.5.0-SNAPSHOT', () => {
  test('V1 magic, IPv4', () => {
    expect(decodeOne(RECORD_V1)).toEqual({
      topic: 'TopicTest',
      queueId: 3,
      queueOffset: 42,
      physicalOffset: 123456789,
      storeSize: 178,
      sysFlag: 0,
      flag: 0,
      bornAt: 1700000000123,
      bornHost: '10.0.0.9:51234',
      storedAt: 1700000000456,
      storeHost: '10.0.0.1:10911',
      reconsumeTimes: 0,
      preparedTransactionOffset: 0,
      bodyCrc: 0x3610a686,
      crcOk: true,
      storedBody: Buffer.from('hello'),
      properties: { UNIQ_KEY: '0A00000904D218B4AAC2A1B2C3D40000', TAGS: 'TagA', KEYS: 'order-1 order-2' },
      offsetMessageId: '0A00000100002A9F00000000075BCD15',
    });
  });

  test('V2 magic has a topic length of 16 bits', () => {
    expect(decodeOne(RECORD_V2)).toMatchObject({
      topic: 'T'.repeat(130),
      storedBody: Buffer.from('x'),
      crcOk: true,
      bornHost: '127.0.0.1:1',
      storedAt: 1700000000001,
      properties: {},
    });
  });

  test('IPv6 hosts', () => {
    expect(decodeOne(RECORD_IPV6)).toMatchObject({
      topic: 'T6',
      queueId: 1,
      queueOffset: 7,
      physicalOffset: 4096,
      reconsumeTimes: 2,
      bornHost: '[2001:db8::9]:51234',
      storeHost: '[2001:db8::1]:10911',
      properties: { RETRY_TOPIC: 'T' },
      offsetMessageId: '20010DB800000000000000000000000100002A9F0000000000001000',
    });
  });

  test('a compressed body is kept as stored', () => {
    const message = decodeOne(RECORD_ZLIB);
    expect(message).toMatchObject({ topic: 'TZ', sysFlag: 0x301, physicalOffset: 8192, crcOk: true });
    expect(message.storedBody.toString('hex')).toBe('785e0bca4fce4e2df10d5408a28c0100a1f51931');
    expect(readBody(message.storedBody, message.sysFlag)).toEqual({ body: Buffer.from('RocketMQ '.repeat(8)) });
  });

  test('a message waiting for its retry', () => {
    expect(decodeOne(RECORD_WAITING)).toMatchObject({
      topic: 'SCHEDULE_TOPIC_XXXX',
      queueId: 2,
      queueOffset: 5,
      reconsumeTimes: 1,
      properties: {
        UNIQ_KEY: '0A00000904D218B4AAC2A1B2C3D40000',
        TAGS: 'TagA',
        RETRY_TOPIC: 'TopicTest',
        ORIGIN_MESSAGE_ID: '0A00000100002A9F00000000075BCD15',
        DELAY: '3',
        REAL_TOPIC: '%RETRY%g1',
        REAL_QID: '0',
        WAIT: 'false',
      },
    });
  });

  test('two records, the second without a body', () => {
    const { messages, damaged } = decodeStoredMessages(PULL_RESPONSE.subarray(8 + PULL_RESPONSE.readInt32BE(4)));
    expect(damaged).toEqual([]);
    expect(messages.map((message) => [message.queueOffset, message.physicalOffset, message.storedBody.length])).toEqual(
      [
        [42, 123456789, 5],
        [43, 123457000, 0],
      ],
    );
    expect(messages[1]?.crcOk).toBe(true);
  });

  test('bytes after the properties belong to the record', () => {
    const padded = Buffer.concat([RECORD_V1, Buffer.alloc(20)]);
    padded.writeInt32BE(padded.length, 0);
    expect(decodeStoredMessages(Buffer.concat([padded, RECORD_V2])).messages).toHaveLength(2);
  });

  test('a batch body', () => {
    expect(decodeBatch(BATCH_BODY)).toEqual([
      { flag: 0, storedBody: Buffer.from('a'), properties: { UNIQ_KEY: 'K1' } },
      { flag: 0, storedBody: Buffer.from('bb'), properties: { TAGS: 'x' } },
    ]);
    expect(() => decodeBatch(BATCH_BODY.subarray(1))).toThrow(CodecError);
  });
});

describe('inner batches', () => {
  const bodyAt = 88;
  const tail = RECORD_V1.subarray(bodyAt + 5);
  const batch = Buffer.concat([RECORD_V1.subarray(0, bodyAt), BATCH_BODY, tail]);
  batch.writeInt32BE(batch.length, 0);
  batch.writeInt32BE(0xc0, 36);
  batch.writeInt32BE(BATCH_BODY.length, 84);

  test('are expanded with rising offsets and own properties', () => {
    expect(decodeStoredMessages(batch).messages).toMatchObject([
      { queueOffset: 42, sysFlag: 0, storedBody: Buffer.from('a'), properties: { UNIQ_KEY: 'K1' }, topic: 'TopicTest' },
      {
        queueOffset: 43,
        sysFlag: 0,
        storedBody: Buffer.from('bb'),
        properties: { TAGS: 'x' },
        bornHost: '10.0.0.9:51234',
      },
    ]);
  });

  test('that cannot be read stay one message', () => {
    const broken = patched(batch, (copy) => copy.writeInt32BE(7, bodyAt));
    expect(decodeStoredMessages(broken).messages).toMatchObject([{ queueOffset: 42, sysFlag: 0xc0 }]);
    const empty = Buffer.concat([RECORD_V1.subarray(0, bodyAt), tail]);
    empty.writeInt32BE(empty.length, 0);
    empty.writeInt32BE(0xc0, 36);
    empty.writeInt32BE(0, 84);
    expect(decodeStoredMessages(empty)).toMatchObject({ messages: [{ queueOffset: 42 }], damaged: [] });
  });
});

describe('damage', () => {
  test.each([
    ['unknown magic', (copy: Buffer) => copy.writeUInt32BE(0xdeadbeef, 4)],
    ['negative body length', (copy: Buffer) => copy.writeInt32BE(-1, 84)],
    ['body past the record', (copy: Buffer) => copy.writeInt32BE(0x7fffffff, 84)],
    ['properties past the record', (copy: Buffer) => copy.writeInt16BE(0x7fff, 103)],
    ['impossible offset', (copy: Buffer) => copy.fill(0x7f, 28, 36)],
  ])('%s hides only its own record', (_, change) => {
    const { messages, damaged } = decodeStoredMessages(
      Buffer.concat([RECORD_V2, patched(RECORD_V1, change), RECORD_IPV6]),
    );
    expect(messages.map((message) => message.topic)).toEqual(['T'.repeat(130), 'T6']);
    expect(damaged).toMatchObject([{ at: RECORD_V2.length }]);
  });

  test.each([0, 8, 90, -1, 0x7fffffff])('size %i ends the walk and says so', (size) => {
    const bad = patched(RECORD_V1, (copy) => copy.writeInt32BE(size, 0));
    const { messages, damaged } = decodeStoredMessages(Buffer.concat([RECORD_V2, bad, RECORD_IPV6]));
    expect(messages).toHaveLength(1);
    expect(damaged).toMatchObject([{ at: RECORD_V2.length }]);
  });

  test('a wrong CRC is told, the body is kept', () => {
    const message = decodeOne(patched(RECORD_V1, (copy) => copy.write('j', 88)));
    expect(message).toMatchObject({ crcOk: false, storedBody: Buffer.from('jello') });
  });

  test('any mutation gives messages or damage', () => {
    const records = fc.constantFrom(RECORD_V1, RECORD_V2, RECORD_IPV6, RECORD_ZLIB, RECORD_WAITING);
    const mutations = fc.array(fc.tuple(fc.nat(300), fc.nat(255)), { maxLength: 6 });
    fc.assert(
      fc.property(records, mutations, (record, changes) => {
        const copy = Buffer.from(record);
        for (const [at, byte] of changes) copy[at % copy.length] = byte;
        const { messages, damaged } = decodeStoredMessages(copy);
        expect(messages.length + damaged.length).toBeGreaterThan(0);
      }),
      { numRuns: 1000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        decodeStoredMessages(Buffer.from(bytes));
      }),
    );
  });
});
