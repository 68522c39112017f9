import { expect, test } from 'vitest';
import { absoluteHash, javaHashCode } from './java-hash';

/** Values of `String.hashCode()` on OpenJDK 17 and of `IndexFile.indexKeyHashMethod`. */
test('hash codes of Java', () => {
  expect(javaHashCode('TagA')).toBe(2598919);
  expect(javaHashCode('TopicTest#order-1')).toBe(-1829193424);
  expect(javaHashCode('polygenelubricants')).toBe(-2147483648);
  expect(javaHashCode('支付')).toBe(823177);
  expect(absoluteHash('TopicTest#order-1')).toBe(1829193424);
  expect(absoluteHash('polygenelubricants')).toBe(0);
});
