import { type ConsumeStats, consumeStatsOf } from '../codec/consume-stats';
import { arrayOf, entriesOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';

export interface GroupConsumeStats extends ConsumeStats {
  group: string;
}

/**
 * Master. `isOrder`; body `ConsumeStatsList`: `{"brokerAddr":"…","consumeStatsList":[{"g1":[ConsumeStats,…]}],
 * "totalDiff":2,"totalInflightDiff":1}`. One store time is read per queue and group: seconds on large brokers. `pullOffset` is
 * always 0 here and the totals are wrong, so neither is passed on.
 */
export const GET_BROKER_CONSUME_STATS = defineRequest<
  { isOrder?: boolean | undefined },
  { groups: GroupConsumeStats[] },
  'READ'
>({
  name: 'GET_BROKER_CONSUME_STATS',
  code: 317,
  access: 'READ',
  encode: ({ isOrder = false }) => ({ fields: { isOrder } }),
  decode: (reply) => {
    const { consumeStatsList } = bodyObject(reply, 'ConsumeStatsList');
    const groups = arrayOf(consumeStatsList).flatMap((groupTable) =>
      entriesOf(groupTable).map(([group, list]) => mergeStats(String(group), arrayOf(list).map(consumeStatsOf))),
    );
    return { groups };
  },
});

function mergeStats(group: string, perTopic: ConsumeStats[]): GroupConsumeStats {
  return {
    group,
    consumeTps: perTopic.reduce<number | null>(
      (sum, { consumeTps }) => (consumeTps === null ? sum : (sum ?? 0) + consumeTps),
      null,
    ),
    queues: perTopic.flatMap(({ queues }) => queues),
  };
}
