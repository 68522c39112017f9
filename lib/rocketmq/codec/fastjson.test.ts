import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CodecError } from './codec-error';
import { parseFastjson } from './fastjson';
import { entriesOf, integerOf } from './fastjson-fields';

/** Output of `RemotingSerializable` in RocketMQ 5.5.0-SNAPSHOT (fastjson 1.2.83). */
describe('the dialect of fastjson', () => {
  test('bare integer keys', () => {
    expect(parseFastjson('{"brokerAddrs":{0:"10.0.0.1:10911",1:"10.0.0.2:10911"}}')).toEqual({
      brokerAddrs: { '0': '10.0.0.1:10911', '1': '10.0.0.2:10911' },
    });
  });

  test('objects as keys and 64-bit values', () => {
    const body =
      '{"offsetTable":{{"brokerName":"broker-a","queueId":0,"topic":"T"}:7,{"brokerName":"broker-a","queueId":1,"topic":"T"}:9223372036854775807}}';
    const { offsetTable } = parseFastjson(body) as { offsetTable: Map<string, { key: unknown; value: unknown }> };
    expect([...offsetTable.keys()]).toEqual(['T@broker-a@0', 'T@broker-a@1']);
    expect(offsetTable.get('T@broker-a@0')).toEqual({
      key: { brokerName: 'broker-a', queueId: 0, topic: 'T' },
      value: 7,
    });
    expect(offsetTable.get('T@broker-a@1')?.value).toBe(9223372036854775807n);
  });

  test('a long stays exact', () => {
    expect(parseFastjson('{"correctionOffsets":{0:9223372036854775807}}')).toEqual({
      correctionOffsets: { '0': 9223372036854775807n },
    });
    expect(parseFastjson('[9007199254740991,9007199254740992,-9223372036854775808]')).toEqual([
      9007199254740991,
      9007199254740992n,
      -9223372036854775808n,
    ]);
  });

  test('string keys over integer keys', () => {
    expect(parseFastjson('{"offsetTable":{"T@g1":{0:5,1:6}}}')).toEqual({
      offsetTable: { 'T@g1': { '0': 5, '1': 6 } },
    });
  });

  test('text that looks like the dialect stays text', () => {
    expect(parseFastjson('{"jstack":"a {0:\\"x\\"} {{b}:1}"}')).toEqual({ jstack: 'a {0:"x"} {{b}:1}' });
  });

  test('doubles of Java', () => {
    expect(parseFastjson('{"consumeTps":1.0E-5,"offsetTable":{}}')).toEqual({ consumeTps: 0.00001, offsetTable: {} });
  });

  test('references to what was written before', () => {
    expect(parseFastjson('{"a":{"x":1},"b":{"$ref":"$.a"}}')).toEqual({ a: { x: 1 }, b: { x: 1 } });
    expect(parseFastjson('{"a":{"broker-a":[{"x":1}]},"b":[{"$ref":"$.a.broker\\\\-a[0]"}]}')).toMatchObject({
      b: [{ x: 1 }],
    });
  });

  test.each(['$', '..', '@', '$.b', '$.c', '$.a.y', '$.toString'])('reference %s is refused', (path) => {
    expect(() => parseFastjson(`{"a":{"x":1},"b":{"$ref":"${path}"},"c":{"d":{"$ref":"$.c"}}}`)).toThrow(CodecError);
  });

  test('a string key that holds an object, as Go clients write it', () => {
    const [entry] = entriesOf(
      parseFastjson('{"{\\"brokerName\\":\\"b\\",\\"queueId\\":3,\\"topic\\":\\"T\\"}":{"x":1}}'),
    );
    expect(entry).toEqual([{ brokerName: 'b', queueId: 3, topic: 'T' }, { x: 1 }]);
    expect(parseFastjson('{"{not an object":1}')).toEqual({ '{not an object': 1 });
  });

  test('names of Object.prototype are plain keys', () => {
    const parsed = parseFastjson('{"__proto__":{"polluted":1},"constructor":2}') as Record<string, unknown>;
    expect(Object.keys(parsed)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test.each([
    '',
    ' ',
    '{',
    '{"a":1',
    '{"a":1}x',
    '[1,]',
    '{"a" 1}',
    '"a',
    '"\\q"',
    '01x',
    '-',
    'tru',
    '{a:1}',
    '{{{}:1}:1}',
  ])('refuses %j', (text) => {
    expect(() => parseFastjson(text)).toThrow(CodecError);
  });

  test('depth and integer length are bounded', () => {
    expect(() => parseFastjson('['.repeat(100_000))).toThrow(CodecError);
    expect(() => parseFastjson('{'.repeat(100_000))).toThrow(CodecError);
    expect(() => parseFastjson('9'.repeat(1_000_000))).toThrow(CodecError);
    expect(parseFastjson(`${'['.repeat(100)}${']'.repeat(100)}`)).toBeInstanceOf(Array);
  });

  test('standard JSON reads as JSON.parse reads it', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 20 }), (text) => {
        fc.pre(!text.includes('$ref') && !/"\s*\{/.test(text) && !/\d{15}/.test(text));
        expect(JSON.stringify(parseFastjson(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
    );
  });

  test('anything else is a CodecError, never another one', () => {
    const dialect = fc.stringMatching(/^[{}[\]":,0-9a-f\\$.truefalsn -]*$/);
    fc.assert(
      fc.property(fc.oneof(fc.string(), dialect), (text) => {
        try {
          parseFastjson(text);
        } catch (error) {
          expect(error).toBeInstanceOf(CodecError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

test('a sentinel is no integer', () => {
  expect(
    [7, '7', '-1', 9223372036854775807n, '9223372036854775807', 1.5, null, undefined, 'x'].map((value) =>
      integerOf(value),
    ),
  ).toEqual([7, 7, -1, null, null, null, null, null, null]);
});
