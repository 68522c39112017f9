import { defineRequest } from '../define-request';

/** Every NameServer, after the brokers. `topic`, `clusterName` (5.0+: only that cluster's route). */
export const DELETE_TOPIC_IN_NAMESRV = defineRequest<
  { topic: string; clusterName?: string | undefined },
  void,
  'WRITE'
>({
  name: 'DELETE_TOPIC_IN_NAMESRV',
  code: 216,
  access: 'WRITE',
  encode: ({ topic, clusterName }) => ({ fields: { topic, clusterName } }),
  decode: () => undefined,
});
