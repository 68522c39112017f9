import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';

type Place = Pick<StoredMessage, 'topic' | 'queueOffset' | 'physicalOffset' | 'offsetMessageId'>;

/** For tests: a small intact record. */
export const aStoredMessage = (part: Partial<StoredMessage> & Place): StoredMessage => ({
  queueId: 0,
  storeSize: 100,
  sysFlag: 0,
  flag: 0,
  bornAt: 1000,
  bornHost: '10.0.0.9:50000',
  storedAt: 1000,
  storeHost: '10.0.0.1:10911',
  reconsumeTimes: 0,
  preparedTransactionOffset: null,
  bodyCrc: 0,
  crcOk: true,
  storedBody: Buffer.from('{}'),
  properties: {},
  ...part,
});
