import { expect, test } from 'vitest';
import { nextAddress } from './next-address';

test.each([
  ['/groups/detail?cluster=a&group=%25b', '/groups/detail?cluster=a&group=%25b'],
  [null, '/'],
  ['', '/'],
  ['https://evil.example/', '/'],
  ['//evil.example/', '/'],
  ['/\\evil.example/', '/'],
  ['/\t/evil.example/', '/'],
  ['javascript:alert(1)', '/'],
  ['/sign-in?next=/sign-in', '/'],
])('%s leads to %s', (asked, expected) => expect(nextAddress(asked)).toBe(expected));
