import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor';

test.each(['broker-a', 'a.b', '北', 'a\nb'])('the place of a letter of broker %j comes back as it was', (broker) => {
  const place = { storedAt: 1_700_000_000_000, phyOffset: 2 ** 52 + 1, broker };
  expect(decodeCursor(encodeCursor(place))).toEqual(place);
});

test.each(['', '1.2', '1.2.', '.2.a', '1..a', '1.-2.a', 'zzzzzzzzzzz.1.a', '1.zzzzzzzzzzz.a'])(
  '%j is none',
  (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow('invalid_cursor');
  },
);
