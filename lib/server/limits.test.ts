import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { guestAt } from './asker';
import { Limits } from './limits';

const SETTINGS = { userRate: 10, userRequests: 2, userStreams: 2, requests: 4, streams: 3 };
const limitsOf = (settings: Partial<typeof SETTINGS> = {}, isBusy = () => false) =>
  new Limits({ ...SETTINGS, ...settings }, Date.now, isBusy);
const tooMany = (key: string) => expect.objectContaining({ isOwn: true, key });
const busy = (key: string) => expect.objectContaining({ isOwn: false, key });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('C40 a rate', () => {
  it('may be saved up for some seconds, comes back with time, and is nobody else’s', () => {
    const limits = limitsOf();
    const ask = (times: number, who = 'ann') => {
      for (let n = 0; n < times; n++) limits.count(who);
    };
    ask(60);
    expect(() => ask(1)).toThrow(tooMany('limit_rate'));
    ask(60, 'bob');
    vi.advanceTimersByTime(500);
    ask(5);
    expect(() => ask(1)).toThrow(tooMany('limit_rate'));
    vi.advanceTimersByTime(3_600_000);
    ask(60);
    expect(() => ask(1)).toThrow(tooMany('limit_rate'));
  });

  it('a refusal says after how many seconds to ask again', () => {
    const limits = limitsOf({ userRate: 1 });
    expect(() => limits.count('ann', 10)).toThrow(expect.objectContaining({ params: { max: 1, retryAfterS: 10 } }));
  });
});

describe('C40 requests at a time', () => {
  it('wait for each other in order, some of them, and not for ever', async () => {
    const limits = limitsOf();
    const inside = [await limits.enter('ann'), await limits.enter('ann')];
    const order: number[] = [];
    const waiting = Array.from({ length: 8 }, async (_, n) => {
      const leave = await limits.enter('ann');
      order.push(n);
      return leave;
    });
    await expect(limits.enter('ann')).rejects.toEqual(tooMany('limit_requests'));
    (await limits.enter('bob'))();
    for (const leave of inside) leave();
    for (const next of waiting.slice(0, 2)) await next;
    expect(order).toEqual([0, 1]);
    const late = Promise.allSettled(waiting.slice(2));
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await late).map(({ status }) => status)).toEqual(Array(6).fill('rejected'));
    for (const next of waiting.slice(0, 2)) (await next)();
    for (let n = 0; n < 2; n++) await limits.enter('ann');
  });

  it('of all: nobody’s own limit, and who has not signed in takes no place of who has', async () => {
    const limits = limitsOf({ requests: 4 });
    await limits.enter(guestAt('10.0.0.1'));
    const guest = expect(limits.enter(guestAt('10.0.0.2'))).rejects.toEqual(busy('limit_busy'));
    for (const who of ['ann', 'ann', 'bob', 'bob']) await limits.enter(who);
    const carol = expect(limits.enter('carol')).rejects.toEqual(busy('limit_busy'));
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all([guest, carol]);
  });

  it('are fewer while the event loop cannot keep up', async () => {
    let isBusy = false;
    const limits = limitsOf({ userRequests: 8, requests: 100 }, () => isBusy);
    const inside = await Promise.all(Array.from({ length: 6 }, () => limits.enter('ann')));
    isBusy = true;
    let entered = 0;
    const waiting = Array.from({ length: 6 }, async () => {
      const leave = await limits.enter('ann');
      entered += 1;
      return leave;
    });
    for (const leave of inside.splice(0, 5)) leave();
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toBe(0);
    inside.pop()?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(entered).toBe(1);
    isBusy = false;
    (await waiting[0])?.();
    for (const next of waiting) await next;
    expect(entered).toBe(6);
  });

  it('a place is given back once, however often that is said', async () => {
    const limits = limitsOf();
    const leave = await limits.enter('ann');
    for (let n = 0; n < 5; n++) leave();
    await limits.enter('ann');
    await limits.enter('ann');
    const third = expect(limits.enter('ann')).rejects.toEqual(tooMany('limit_requests'));
    await vi.advanceTimersByTimeAsync(10_000);
    await third;
  });
});

it('C40 streams count as long as they are open, per account and in all', () => {
  const limits = limitsOf();
  const [close] = [limits.openStream('ann'), limits.openStream('ann')];
  expect(() => limits.openStream('ann')).toThrow(tooMany('limit_streams'));
  limits.openStream('bob');
  expect(() => limits.openStream('carol')).toThrow(busy('limit_all_streams'));
  close?.();
  close?.();
  limits.openStream('carol');
  expect(() => limits.openStream('ann')).toThrow(busy('limit_all_streams'));
});

it('C40 a refusal of one’s own limit is told late, and nothing else is', async () => {
  const limits = limitsOf({ userStreams: 1 });
  const told = vi.fn();
  limits.openStream('ann');
  const refusal = (() => {
    try {
      return limits.openStream('ann');
    } catch (error) {
      return error;
    }
  })();
  void limits.holdBack(refusal).then(told);
  await limits.holdBack(new Error('something else'));
  expect(told).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(told).toHaveBeenCalled();
});

it.each([
  ['10.0.0.1', 'ip 10.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', 'ip 2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', 'ip 2001:db8:1:2::/64'],
  ['2001:db8::1', 'ip 2001:db8:0:0::/64'],
  ['2001:0DB8::1:0:0:0', 'ip 2001:db8:0:0::/64'],
  ['::1', 'ip 0:0:0:0::/64'],
  ['fe80::1%eth0', 'ip fe80:0:0:0::/64'],
  ['unknown', 'ip unknown'],
])('who has not signed in at %s counts as %s', (ip, asker) => {
  expect(guestAt(ip)).toBe(asker);
});
