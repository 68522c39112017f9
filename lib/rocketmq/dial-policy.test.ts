import { describe, expect, it } from 'vitest';
import { DialPolicy } from './dial-policy';

describe('without a list', () => {
  const policy = new DialPolicy();
  it.each(['10.0.0.1:10911', '127.0.0.1:10911', 'broker-a.local:10911', '[2001:db8::1]:10911', '2001:db8::1:10911'])(
    'allows %s',
    (address) => expect(policy.allows(address)).toBe(true),
  );
  it.each([
    '169.254.169.254:80',
    '[::ffff:169.254.169.254]:80',
    '0.0.0.0:10911',
    '[fe80::1]:10911',
    '239.1.1.1:10911',
    '10.0.0.1',
    '10.0.0.1:0',
    '10.0.0.1:70000',
    ':10911',
    '',
  ])('blocks %s', (address) => expect(policy.allows(address)).toBe(false));
});

describe('with a list', () => {
  const policy = new DialPolicy(['10.1.0.0/16', '192.168.0.7', '2001:db8::/32', 'broker-a', '*.mq.example']);
  it.each(['10.1.2.3:1', '192.168.0.7:1', '[2001:db8::9]:1', 'broker-a:1', 'BROKER-A:1', 'b.mq.example:1'])(
    'allows %s',
    (address) => expect(policy.allows(address)).toBe(true),
  );
  it.each(['10.2.0.1:1', '192.168.0.8:1', '127.0.0.1:22', 'mq.example:1', 'xmq.example:1', 'broker-a.evil:1'])(
    'blocks %s',
    (address) => expect(policy.allows(address)).toBe(false),
  );
  it('blocks a listed name that resolves to the metadata address, unless that address is listed', () => {
    expect(policy.allowsResolved('169.254.169.254')).toBe(false);
    expect(policy.allowsResolved('172.16.0.1')).toBe(true);
    expect(new DialPolicy(['169.254.0.0/16']).allowsResolved('169.254.169.254')).toBe(true);
  });
});
