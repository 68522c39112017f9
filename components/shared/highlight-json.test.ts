import { describe, expect, it } from 'vitest';
import { hexLines } from './hex-lines';
import { highlightJson, indentJson } from './highlight-json';

describe('indentJson', () => {
  it('keeps every digit of a 64-bit number', () => {
    expect(indentJson('{"id":9007199254740993,"a":[1,{"b":"x, {y}"}],"e":{},"l":[]}')).toBe(
      '{\n  "id": 9007199254740993,\n  "a": [\n    1,\n    {\n      "b": "x, {y}"\n    }\n  ],\n  "e": {},\n  "l": []\n}',
    );
  });
  it('says no to what is no JSON', () => expect(indentJson('{broken')).toBeNull());
  it('says the same as JSON.stringify', () => {
    const value = { a: 'q"\\', n: -1.5e10, t: true, z: null, deep: [[1, 2], { k: [] }] };
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  });
});

it('folds what spans lines and counts what is inside', () => {
  const lines = highlightJson(indentJson('{"a":[1,2,3],"b":{"c":null}}') ?? '');
  expect(lines[0]).toMatchObject({ closes: 9, inner: 2, isList: false });
  expect(lines[1]).toMatchObject({ closes: 5, inner: 3, isList: true });
  expect(lines[7]?.tokens.map((token) => token.kind)).toEqual(['plain', 'key', 'plain', 'plain', 'literal']);
});

it('writes bytes as hex beside ASCII', () => {
  expect(hexLines(new TextEncoder().encode('Hello\u0000 world, 17 bytes'))[0]).toEqual({
    offset: '00000000',
    hex: '48 65 6c 6c 6f 00 20 77  6f 72 6c 64 2c 20 31 37',
    text: 'Hello· world, 17',
  });
});
