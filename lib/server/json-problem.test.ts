import { describe, expect, it } from 'vitest';
import { jsonProblem } from './json-problem';

const MIB = 1024 * 1024;

/** Of several times, ms: a machine that is busy is no fault of the text. */
function quickest(body: string): number {
  const times = Array.from({ length: 5 }, () => {
    const from = performance.now();
    jsonProblem(body);
    return performance.now() - from;
  });
  return Math.min(...times);
}

describe('jsonProblem', () => {
  it.each([
    '{}',
    '[]',
    '"a:b"',
    '{"a":{"a":1},"b":[{"a":1},{"a":1}]}',
    '{"a":"\\"a\\":1","b":"{"}',
    '{"a":"\\\\","b":1}',
  ])('finds none in %s', (json) => expect(jsonProblem(json)).toBeNull());
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"x":[{"a":{"b":1,"c":2,"b":3}}]}', 'b'],
    ['{"group":1,"\\u0067roup":2}', 'group'],
    ['{"a\\\\":1,"a\\\\":2}', 'a\\'],
  ])('finds one in %s', (json, name) => expect(jsonProblem(json)).toEqual({ key: 'repeated_parameter', name }));

  it.each(['"', '{"a', '}}}}', ']:', '{"a":"\\', ':::'])('takes %s as it is: parsing tells', (text) =>
    expect(() => jsonProblem(text)).not.toThrow(),
  );

  it.each([
    ['lists', '[],'],
    ['objects', '{"a":1},'],
    ['texts', '"",'],
    ['depth', '['],
    ['names', '{"a":'],
  ])('C17 C39 a large body of %s is refused before it is parsed, in no time', (_, part) => {
    const body = `[${part.repeat((6 * MIB) / part.length)}`;
    expect(jsonProblem(body)).toEqual({ key: 'json_parts', max: 100_000 });
    expect(quickest(body)).toBeLessThan(50);
  });

  it('C39 a large text is looked through once, whatever is in it', () => {
    for (const text of ['\\"', '\\\\', 'a', ':', '{']) {
      const body = `{"body":"${text.repeat((6 * MIB) / text.length)}"}`;
      expect(jsonProblem(body)).toBeNull();
      expect(quickest(body)).toBeLessThan(200);
    }
  });
});
