import { describe, expect, it } from 'vitest';
import { isWellFormedQuery } from './query-string';

describe('isWellFormedQuery', () => {
  it.each(['', '?topic=%25DLQ%25g', '?topic=a%7Cb', '?q=%E4%BD%A0', '?topic=%2500'])('accepts %s', (search) => {
    expect(isWellFormedQuery(search)).toBe(true);
  });
  it.each(['?topic=%', '?topic=%zz', '?topic=%DLQ%g', '?q=%E4%BD', '?%ff=1'])('refuses %s', (search) => {
    expect(isWellFormedQuery(search)).toBe(false);
  });
});
