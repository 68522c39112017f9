import { bodyObject } from '../codec/reply-fields';
import { textRecordOf } from '../codec/topic-config';
import { defineRequest } from '../define-request';

/** Figures of a broker; null where its version does not tell. */
export interface BrokerRuntimeInfo {
  /** `V5_5_0`. */
  versionName: string | null;
  bootAt: number | null;
  /** Averages over 10 s, 60 s, 600 s; fewer during the first ten minutes. */
  putTps: number[];
  getTransferredTps: number[];
  msgPutTotalTodayNow: number | null;
  msgPutTotalTodayMorning: number | null;
  msgPutTotalYesterdayMorning: number | null;
  msgGetTotalTodayNow: number | null;
  msgGetTotalTodayMorning: number | null;
  msgGetTotalYesterdayMorning: number | null;
  commitLogMinOffset: number | null;
  commitLogMaxOffset: number | null;
  /** 0 to 1, used share of the file system. */
  commitLogDiskRatio: number | null;
  consumeQueueDiskRatio: number | null;
  earliestMessageAt: number | null;
  /** Above 0 the queues and the index lag behind the commit log. */
  dispatchBehindBytes: number | null;
  pageCacheLockMs: number | null;
  sendQueueSize: number | null;
  sendQueueHeadWaitMs: number | null;
  pullQueueSize: number | null;
  pullQueueHeadWaitMs: number | null;
  /** Messages waiting in the timer wheel. */
  timerCongestNum: number | null;
  /** SCHEDULE_TOPIC_XXXX: waiting = maxOffset - deliveredOffset. Only levels that have been used. */
  delayLevels: { level: number; deliveredOffset: number; maxOffset: number }[];
  /** Everything, as sent. */
  table: Record<string, string>;
}

/**
 * Any replica. No fields; body `KVTable`: `{"table":{"putTps":"0.1 0.2 0.3","scheduleMessageOffset_3":"17,19",…}}`,
 * all values strings (`AdminBrokerProcessor.prepareRuntimeInfo`).
 */
export const GET_BROKER_RUNTIME_INFO = defineRequest<void, BrokerRuntimeInfo, 'READ'>({
  name: 'GET_BROKER_RUNTIME_INFO',
  code: 28,
  access: 'READ',
  encode: () => ({}),
  decode: (reply) => {
    const table = textRecordOf(bodyObject(reply, 'KVTable').table);
    const figure = (key: string) => numberOf(table[key]);
    const positive = (key: string) => {
      const value = figure(key);
      return value !== null && value >= 0 ? value : null;
    };
    return {
      versionName: table.brokerVersionDesc ?? null,
      bootAt: positive('bootTimestamp'),
      putTps: numbersOf(table.putTps),
      // 4.9 spells it with one r.
      getTransferredTps: numbersOf(table.getTransferredTps ?? table.getTransferedTps),
      msgPutTotalTodayNow: figure('msgPutTotalTodayNow'),
      msgPutTotalTodayMorning: figure('msgPutTotalTodayMorning'),
      msgPutTotalYesterdayMorning: figure('msgPutTotalYesterdayMorning'),
      msgGetTotalTodayNow: figure('msgGetTotalTodayNow'),
      msgGetTotalTodayMorning: figure('msgGetTotalTodayMorning'),
      msgGetTotalYesterdayMorning: figure('msgGetTotalYesterdayMorning'),
      commitLogMinOffset: positive('commitLogMinOffset'),
      commitLogMaxOffset: positive('commitLogMaxOffset'),
      commitLogDiskRatio: positive('commitLogDiskRatio'),
      consumeQueueDiskRatio: positive('consumeQueueDiskRatio'),
      earliestMessageAt: positive('earliestMessageTimeStamp'),
      dispatchBehindBytes: figure('dispatchBehindBytes'),
      pageCacheLockMs: figure('pageCacheLockTimeMills'),
      sendQueueSize: figure('sendThreadPoolQueueSize'),
      sendQueueHeadWaitMs: figure('sendThreadPoolQueueHeadWaitTimeMills'),
      pullQueueSize: figure('pullThreadPoolQueueSize'),
      pullQueueHeadWaitMs: figure('pullThreadPoolQueueHeadWaitTimeMills'),
      timerCongestNum: figure('timerCongestNum'),
      delayLevels: delayLevelsOf(table),
      table,
    };
  },
});

function delayLevelsOf(table: Record<string, string>): BrokerRuntimeInfo['delayLevels'] {
  return Object.entries(table).flatMap(([key, value]) => {
    const level = /^scheduleMessageOffset_(\d{1,4})$/.exec(key)?.[1];
    const [deliveredOffset, maxOffset] = value.split(',').map((part) => numberOf(part));
    if (level === undefined || typeof deliveredOffset !== 'number' || typeof maxOffset !== 'number') return [];
    return [{ level: Number(level), deliveredOffset, maxOffset }];
  });
}

function numbersOf(text: string | undefined): number[] {
  return (text ?? '')
    .split(/\s+/)
    .map(numberOf)
    .filter((value) => value !== null);
}

function numberOf(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value : null;
}
