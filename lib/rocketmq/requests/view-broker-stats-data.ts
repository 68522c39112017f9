import type { FastjsonValue } from '../codec/fastjson';
import { doubleOf, integerOf, objectOf } from '../codec/fastjson-fields';
import { bodyObject } from '../codec/reply-fields';
import { defineRequest } from '../define-request';
import { RocketMQError } from '../errors';

export interface BrokerStatsWindow {
  sum: number | null;
  tps: number | null;
  /** Value per call, for times and sizes. */
  avgpt: number | null;
}
export interface BrokerStatsData {
  minute: BrokerStatsWindow;
  hour: BrokerStatsWindow;
  day: BrokerStatsWindow;
}

/**
 * Any replica; counters are its own, in memory, and up to 10 s old. `statsName` (`TOPIC_PUT_NUMS`, …), `statsKey`; body `BrokerStatsData`:
 * `{"statsDay":{"avgpt":0.0,"sum":120,"tps":0.01},"statsHour":{…},"statsMinute":{…}}`. 1 "The stats … not exist": never
 * counted since the start, which is null.
 */
export const VIEW_BROKER_STATS_DATA = defineRequest<
  { statsName: string; statsKey: string },
  BrokerStatsData | null,
  'READ'
>({
  name: 'VIEW_BROKER_STATS_DATA',
  code: 315,
  access: 'READ',
  accepts: [0, 1],
  encode: ({ statsName, statsKey }) => ({ fields: { statsName, statsKey } }),
  decode: (reply) => {
    const { remark = '' } = reply;
    if (reply.code === 1) {
      if (remark.includes('not exist')) return null;
      throw new RocketMQError(reply.code, remark, 'VIEW_BROKER_STATS_DATA', 'the broker');
    }
    const data = bodyObject(reply, 'BrokerStatsData');
    return { minute: windowOf(data.statsMinute), hour: windowOf(data.statsHour), day: windowOf(data.statsDay) };
  },
});

function windowOf(value: FastjsonValue | undefined): BrokerStatsWindow {
  const { sum, tps, avgpt } = objectOf(value);
  return { sum: integerOf(sum), tps: doubleOf(tps), avgpt: doubleOf(avgpt) };
}
