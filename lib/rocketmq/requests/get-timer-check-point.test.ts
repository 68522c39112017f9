import { expect, it } from 'vitest';
import { GET_TIMER_CHECK_POINT } from './get-timer-check-point';

/** TV18 of the protocol reference: packed by hand, read back by the classes of 5.3.3-develop. */
const TV18 =
  '0000018bcfe5680000000000000004000000000000000037000000000000003700000000000000000000018bcfe568010000000000000003';
const decode = (hex: string) =>
  GET_TIMER_CHECK_POINT.decode(
    { code: 0, flag: 1, language: 'JAVA', version: 479, opaque: 1, extFields: {}, body: Buffer.from(hex, 'hex') },
    undefined,
  );

it('reads seven longs (TV18)', () => {
  expect(decode(TV18)).toEqual({
    lastReadAt: 1_700_000_000_000,
    lastTimerLogFlushPos: 1024,
    lastTimerQueueOffset: 55,
    masterTimerQueueOffset: 55,
    stateVersion: 0,
    changedAt: 1_700_000_000_001,
    counter: 3,
  });
});

it('refuses a body that is cut short', () => {
  expect(() => decode(TV18.slice(0, 110))).toThrow(/55 bytes, not 56/);
});
