import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeTraceRecords } from './trace-records';
import { TRACE_BODY } from './vectors';

const ID = '0A00000904D218B4AAC247B7607B002A';

/** Read back by `TraceDataEncoder.decoderFromTraceDataString` of RocketMQ 5.5.0-SNAPSHOT. */
test('the five contexts', () => {
  const { records, unreadable } = decodeTraceRecords(TRACE_BODY);
  expect(unreadable).toBe(0);
  const origin = { region: 'DefaultRegion', msgIds: [ID] };
  const keys = ['order-1', 'order-2'];
  expect(records).toEqual([
    {
      ...origin,
      type: 'Pub',
      at: 1700000000100,
      group: 'pg_order',
      topic: 'TopicTest',
      tags: 'TagA',
      keys,
      storeHost: '10.0.0.1:10911',
      bodyLength: 5,
      costMs: 23,
      msgType: 'NORMAL',
      offsetMsgId: '0A00000100002A9F00000000075BCD15',
      success: true,
      clientHost: null,
    },
    {
      ...origin,
      type: 'SubBefore',
      at: 1700000000500,
      group: 'g1',
      requestId: '0A00000A04D218B4AAC2A1B2C3D50001',
      retryTimes: 0,
      keys,
    },
    {
      type: 'SubAfter',
      requestId: '0A00000A04D218B4AAC2A1B2C3D50001',
      msgIds: [ID],
      costMs: 12,
      success: false,
      keys,
      contextCode: 4,
      at: 1700000000512,
      group: 'g1',
    },
    {
      ...origin,
      type: 'EndTransaction',
      at: 1700000000600,
      group: 'pg_tx',
      topic: 'TopicTest',
      tags: null,
      keys: [],
      storeHost: '10.0.0.1:10911',
      msgType: 'TRANS_COMMIT',
      transactionId: ID,
      transactionState: 'COMMIT_MESSAGE',
      fromTransactionCheck: false,
    },
    { ...origin, type: 'Recall', at: 1700000000700, group: 'pg_order', topic: 'TopicTest', success: true },
  ]);
});

const context = (...fields: (string | number)[]) => `${fields.join('\u0001')}\u0002`;

test('older and newer layouts of Pub and SubAfter', () => {
  const pub = ['Pub', 1, 'r', 'g', 't', 'A,B', 'null', 'null', 'h', 5, 1, 0];
  const { records } = decodeTraceRecords(
    context(...pub, 'true') +
      context(...pub, 'OFFSET', 'true', '10.0.0.9') +
      context(...pub, 'OFFSET', 'false', '10.0.0.9', 'newer') +
      context('SubAfter', 'req', 'A', 1, 'true', 'k') +
      context('SubAfter', 'req', 'A', 1, 'true', 'k', 0, '') +
      context('SubAfter', 'req', 'A', 1, 'true', 'k', 0, 9, 'g', 'newer'),
  );
  expect(records).toMatchObject([
    { msgIds: ['A', 'B'], offsetMsgId: null, success: true, clientHost: null, keys: [] },
    { offsetMsgId: 'OFFSET', success: true, clientHost: '10.0.0.9' },
    { offsetMsgId: 'OFFSET', success: false, clientHost: '10.0.0.9' },
    { contextCode: null, at: null, group: null },
    { contextCode: 0, at: null, group: null },
    { contextCode: 0, at: 9, group: 'g' },
  ]);
});

test('what cannot be read is counted', () => {
  expect(
    decodeTraceRecords(context('Pub', 1) + context('Future', 2) + context('Recall', 1, 'r', 'g', 't', 'A', 'true')),
  ).toMatchObject({
    records: [{ type: 'Recall' }],
    unreadable: 2,
  });
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      decodeTraceRecords(Buffer.from(bytes));
    }),
  );
});
