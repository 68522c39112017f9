import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CodecError } from './codec-error';
import { decodeProperties, encodeProperties, isReservedProperty } from './message-properties';

test('the last separator may be missing', () => {
  expect(decodeProperties('A\u0001b\u0002C\u0001d')).toEqual({ A: 'b', C: 'd' });
  expect(decodeProperties('A\u0001b\u0001c\u0002\u0002\u0001x\u0002alone\u0002')).toEqual({ A: 'b\u0001c' });
});

test('round trip', () => {
  const part = fc
    .string({ unit: 'grapheme', maxLength: 20 })
    .filter((text) => !text.includes('\u0001') && !text.includes('\u0002'));
  const record = fc.dictionary(
    part.filter((name) => name !== ''),
    part,
  );
  fc.assert(
    fc.property(record, (properties) => {
      expect({ ...decodeProperties(Buffer.from(encodeProperties(properties))) }).toEqual({ ...properties });
    }),
  );
});

test.each<Record<string, string>>([{ '': 'x' }, { 'a\u0001': 'x' }, { 'a\u0002': 'x' }, { a: '\u0002' }])(
  'refuses %j',
  (properties) => {
    expect(() => encodeProperties(properties)).toThrow(CodecError);
  },
);

test('reserved names', () => {
  for (const name of ['UNIQ_KEY', 'TIMER_ROLL_LABEL', 'ORIGIN_GROUP', '__LITE_TOPIC', 'E_T']) {
    expect(isReservedProperty(name)).toBe(true);
  }
  for (const name of ['RDX_OP', 'orderId', 'constructor']) expect(isReservedProperty(name)).toBe(false);
});
