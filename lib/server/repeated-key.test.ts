import { describe, expect, it } from 'vitest';
import { repeatedKey } from './repeated-key';

describe('repeatedKey', () => {
  it.each(['{}', '[]', '"a:b"', '{"a":{"a":1},"b":[{"a":1},{"a":1}]}', '{"a":"\\"a\\":1","b":"{"}'])(
    'finds none in %s',
    (json) => expect(repeatedKey(json)).toBeNull(),
  );
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"x":[{"a":{"b":1,"c":2,"b":3}}]}', 'b'],
    ['{"group":1,"\\u0067roup":2}', 'group'],
  ])('finds one in %s', (json, key) => expect(repeatedKey(json)).toBe(key));
});
