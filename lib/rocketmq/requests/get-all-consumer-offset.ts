import { type OffsetTable, readOffsetTable } from '../codec/offset-table';
import { defineRequest } from '../define-request';

/**
 * Any replica. No fields; body `ConsumerOffsetSerializeWrapper`: `{"offsetTable":{"T@g1":{0:5,1:6},"T@g2@broadcast":{0:1}}}`.
 * Request 15 validates next to nothing, so queues that do not exist appear too. `before` is the table read last, of which
 * what has not changed is taken over.
 */
export const GET_ALL_CONSUMER_OFFSET = defineRequest<{ before?: OffsetTable | undefined }, OffsetTable, 'READ'>({
  name: 'GET_ALL_CONSUMER_OFFSET',
  code: 43,
  access: 'READ',
  encode: () => ({}),
  decode: ({ body }, { before }) => readOffsetTable(body, before),
});
