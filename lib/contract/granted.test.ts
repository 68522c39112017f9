import { describe, expect, test } from 'vitest';
import { apiTokenInput } from './accounts';
import { isGranted, isGrantedForAll, matchesAny } from './granted';
import { type Grant, pattern } from './permissions';

describe('patterns', () => {
  test.each([
    ['*', 'anything', true],
    ['pay-*', 'pay-', true],
    ['pay-*', 'pay-settle', true],
    ['pay-*', 'repay-settle', false],
    ['*-dlq', 'a-dlq', true],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c', false],
    ['ab*ba', 'aba', false],
    ['pay', 'pay-settle', false],
    ['%DLQ%*', '%DLQ%g', true],
  ])('%s meets %s: %s', (pattern, name, expected) => expect(matchesAny([pattern], name)).toBe(expected));

  test('C39 are few, and have few stars, where anybody may write them', () => {
    expect(pattern.safeParse('*a'.repeat(8)).success).toBe(true);
    expect(pattern.safeParse('*a'.repeat(9)).success).toBe(false);
    const token = (groups: string[]) =>
      apiTokenInput.safeParse({ name: 'ci', allow: ['metadata:read'], groups }).success;
    expect(token(Array(20).fill('a*'))).toBe(true);
    expect(token(Array(21).fill('a*'))).toBe(false);
    const patterns = Array.from({ length: 20 }, (_, n) => `${'*a'.repeat(8)}${n}`);
    const startedAt = performance.now();
    for (let n = 0; n < 3000; n++) expect(matchesAny(patterns, 'a'.repeat(127))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(1000);
  });

  test('of many stars take no time', () => {
    const startedAt = performance.now();
    expect(matchesAny([`${'*a'.repeat(100)}b`], 'a'.repeat(250))).toBe(false);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });
});

const pay: Grant = {
  allow: ['metadata:read', 'group:reset'],
  clusters: ['prod-*'],
  groups: ['pay-*'],
  topics: ['orders'],
};

describe('a grant', () => {
  test.each([
    ['its group', 'group:reset', { cluster: 'prod-a', group: 'pay-settle' }, true],
    ['another group', 'group:reset', { cluster: 'prod-a', group: 'crm' }, false],
    ['another cluster', 'group:reset', { cluster: 'staging', group: 'pay-settle' }, false],
    ['another act', 'dead-letter:purge', { cluster: 'prod-a', group: 'pay-settle' }, false],
    ['its topic', 'metadata:read', { cluster: 'prod-a', topic: 'orders' }, true],
    ['another topic', 'metadata:read', { cluster: 'prod-a', topic: 'refunds' }, false],
    ['dead letters of its group', 'metadata:read', { cluster: 'prod-a', topic: '%DLQ%pay-settle' }, true],
    ['retries of its group', 'metadata:read', { cluster: 'prod-a', topic: '%RETRY%pay-settle_orders' }, true],
    ['dead letters of another', 'metadata:read', { cluster: 'prod-a', topic: '%DLQ%orders' }, false],
    ['a list of the cluster', 'metadata:read', { cluster: 'prod-a' }, true],
    ['a list of another', 'metadata:read', { cluster: 'staging' }, false],
  ] as const)('for %s', (_, permission, scope, expected) => expect(isGranted([pay], permission, scope)).toBe(expected));

  test('for some groups is none for all', () => {
    expect(isGrantedForAll([pay], 'metadata:read', 'prod-a')).toBe(false);
    expect(isGrantedForAll([pay, { ...pay, groups: ['*'], topics: ['*'] }], 'metadata:read', 'prod-a')).toBe(true);
  });
});
