import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createOffsetMessageId, formatHost, parseMessageId } from './message-id';

/** Ids read back by `MessageDecoder.decodeMessageId` and `MessageClientIDSetter` of RocketMQ 5.5.0-SNAPSHOT. */
test('offset ids', () => {
  expect(parseMessageId('0A00000100002A9F00000000075BCD15')).toEqual({
    kind: 'offset',
    id: '0A00000100002A9F00000000075BCD15',
    storeHost: '10.0.0.1:10911',
    physicalOffset: 123456789,
  });
  expect(parseMessageId('20010DB800000000000000000000000100002A9F0000000000001000')).toMatchObject({
    kind: 'offset',
    storeHost: '[2001:db8::1]:10911',
    physicalOffset: 4096,
  });
  expect(createOffsetMessageId(Buffer.from('0a00000100002a9f', 'hex'), 123456789)).toBe(
    '0A00000100002A9F00000000075BCD15',
  );
});

test('unique ids', () => {
  expect(parseMessageId(' 0A00000904D218B4AAC247B7607B002A ')).toEqual({
    kind: 'unique',
    id: '0A00000904D218B4AAC247B7607B002A',
    clientIp: '10.0.0.9',
    pid: 1234,
    classLoaderHash: 0x18b4aac2,
    sinceMonthStartMs: 1203200123,
    counter: 42,
  });
});

test('gRPC ids', () => {
  expect(parseMessageId('0156F7E71C361B21BC05658B0000000003')).toEqual({
    kind: 'grpc',
    id: '0156F7E71C361B21BC05658B0000000003',
    mac: '56:f7:e7:1c:36:1b',
    pid: 0x21bc,
    createdAt: 1700000000000,
    sequence: 3,
  });
});

test('anything else is a key', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9a-fA-F]{0,60}$/)), (text) => {
      const parsed = parseMessageId(text);
      expect(parsed.id).toBe(text.trim());
      if (![32, 34, 56].includes(parsed.id.length)) expect(parsed.kind).toBe('key');
    }),
  );
  expect(parseMessageId('order-1')).toEqual({ kind: 'key', id: 'order-1' });
});

test.each([
  ['00000000000000000000000000000001', '[::1]:1'],
  ['00000000000000000000000000000000', '[::]:1'],
  ['20010db8000000010001000100010001', '[2001:db8:0:1:1:1:1:1]:1'],
  ['fe800000000000000000000000000000', '[fe80::]:1'],
  ['20010db8000000000001000000000001', '[2001:db8::1:0:0:1]:1'],
])('address %s', (address, text) => {
  expect(formatHost(Buffer.from(`${address}00000001`, 'hex'))).toBe(text);
});
