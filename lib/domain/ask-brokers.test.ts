import { expect, test } from 'vitest';
import { CodecError } from '@/lib/rocketmq/codec/codec-error';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { askBrokers, requireSome } from './ask-brokers';

const ctx = { cluster: 'demo' };
const hung = (broker: string) => new RemotingError('TIMEOUT', broker, `${broker}: no answer`, true);
const down = (broker: string) => new RemotingError('CONNECT', broker, `cannot connect to ${broker}`, false);
const denied = (broker: string) => new RocketMQError(16, 'no permission', 'PULL_MESSAGE', broker);
const rubbish = () => new CodecError('messageDelayLevel', 'not a delay');
const asking = (...errors: (Error | null)[]) =>
  askBrokers(
    errors.map((_, index) => `broker-${index}`),
    async (broker) => {
      const error = errors[Number(broker.at(-1))];
      if (error) throw error;
      return 1;
    },
  );

test('one broker that is silent, refuses or answers rubbish leaves the others intact', async () => {
  const asked = await asking(null, hung('x'), denied('y'), rubbish());
  expect(requireSome(ctx, asked).items).toEqual([{ broker: 'broker-0', value: 1 }]);
  expect(asked.failures.map(({ broker, code }) => `${broker} ${code}`)).toEqual([
    'broker-1 TIMEOUT',
    'broker-2 16',
    'broker-3 UNREADABLE',
  ]);
});

test('nobody: late is a deadline, unreachable is no master, and a refusal is told as such', async () => {
  const outcome = async (...errors: Error[]) => {
    try {
      requireSome(ctx, await asking(...errors));
    } catch (error) {
      return error;
    }
    return null;
  };
  expect(await outcome(hung('x'), hung('y'))).toMatchObject({ kind: 'TIMEOUT', address: 'x' });
  expect(await outcome(down('x'), hung('y'))).toMatchObject({ code: 'UNAVAILABLE', key: 'no_master' });
  expect(await outcome(denied('x'), denied('y'))).toMatchObject({ name: 'RocketMQError', code: 16 });
});

test('a mistake of ours is no failure of a broker', async () => {
  await expect(asking(null, new TypeError('x is undefined'))).rejects.toThrow(TypeError);
});
