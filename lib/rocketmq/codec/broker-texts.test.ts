import { expect, test } from 'vitest';
import { CodecError } from './codec-error';
import { parseDelayLevels } from './delay-levels';
import { parsePropertiesText, REDACTED } from './properties-text';

test('config lines, secrets hidden', () => {
  const text =
    'brokerName=broker-a\nmessageDelayLevel=1s 5s\nnamesrvAddr=\nx=a=b\ninitAuthenticationUser={"username":"a"}\ninnerClientAuthenticationCredentials=\n';
  expect(parsePropertiesText(Buffer.from(text))).toEqual({
    brokerName: 'broker-a',
    messageDelayLevel: '1s 5s',
    namesrvAddr: '',
    x: 'a=b',
    initAuthenticationUser: REDACTED,
    innerClientAuthenticationCredentials: '',
  });
});

test('what names a secret is hidden, what merely sounds like one is not', () => {
  const hidden = [
    'metricsGrpcExporterHeader',
    'objectStoreAccessKey',
    'objectStoreSecretKey',
    'tlsKeyPassword',
    'someToken',
  ];
  const shown = ['authenticationEnabled', 'appendTopicForTimerDeleteKey', 'authenticationProvider', 'userCacheMaxNum'];
  const read = parsePropertiesText([...hidden, ...shown].map((key) => `${key}=canary`).join('\n'));
  expect(Object.keys(read).filter((key) => read[key] === REDACTED)).toEqual(hidden);
  expect(Object.keys(read).filter((key) => read[key] === 'canary')).toEqual(shown);
});

test('delay levels', () => {
  expect(parseDelayLevels('1s 5m 2h 1d')).toEqual([1000, 300_000, 7_200_000, 86_400_000]);
  expect(parseDelayLevels('1s 5s 10s 30s 1m 2m 3m 4m 5m 6m 7m 8m 9m 10m 20m 30m 1h 2h')).toHaveLength(18);
  for (const text of ['', '1', '1w', 's', '1s,5s']) expect(() => parseDelayLevels(text)).toThrow(CodecError);
});
