import { CodecError } from '../codec/codec-error';
import { defineRequest } from '../define-request';

export interface TimerCheckPoint {
  /** Up to when the wheel has delivered, epoch ms. */
  lastReadAt: number;
  lastTimerLogFlushPos: number;
  lastTimerQueueOffset: number;
  masterTimerQueueOffset: number;
  stateVersion: number;
  /** Version of the data: time and counter of its last change. */
  changedAt: number;
  counter: number;
}

const BYTES = 56;

/** Any replica, 5.0 and later. No fields; body `TimerCheckpoint.encode`: seven int64, the last three a `DataVersion`. */
export const GET_TIMER_CHECK_POINT = defineRequest<void, TimerCheckPoint, 'READ'>({
  name: 'GET_TIMER_CHECK_POINT',
  code: 60,
  access: 'READ',
  encode: () => ({}),
  decode: ({ body }) => {
    if (body.length < BYTES) throw new CodecError('TimerCheckpoint', `has ${body.length} bytes, not ${BYTES}`);
    const long = (index: number) => Number(body.readBigInt64BE(index * 8));
    return {
      lastReadAt: long(0),
      lastTimerLogFlushPos: long(1),
      lastTimerQueueOffset: long(2),
      masterTimerQueueOffset: long(3),
      stateVersion: long(4),
      changedAt: long(5),
      counter: long(6),
    };
  },
});
