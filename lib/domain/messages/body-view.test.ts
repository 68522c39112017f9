import { deflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { MAX_SHOWN, viewBody } from './body-view';
import { causeOf } from './cause';
import { parseRecordId } from './record-id';

const view = (bytes: Buffer | string, sysFlag = 0) => viewBody({ storedBody: Buffer.from(bytes), sysFlag });

describe('body', () => {
  it('is JSON, text, hex or empty', () => {
    expect(view('{"n":12345678901234567890}')).toMatchObject({ kind: 'json', text: '{"n":12345678901234567890}' });
    expect(view('42')).toMatchObject({ kind: 'text' });
    expect(view('żółć\n')).toMatchObject({ kind: 'text', sizeBytes: 9 });
    expect(view(Buffer.from([0xff, 0x00]))).toMatchObject({ kind: 'binary', text: 'ff00' });
    expect(view('a\0b')).toMatchObject({ kind: 'binary' });
    expect(view('')).toMatchObject({ kind: 'empty', sizeBytes: 0 });
  });
  it('is cut at whole characters', () => {
    const { text, truncated } = view(`${'x'.repeat(MAX_SHOWN - 1)}中中`);
    expect(truncated).toBe(true);
    expect(text).toBe('x'.repeat(MAX_SHOWN - 1));
  });
  it('C36 is inflated, up to a limit', () => {
    const zlib = 0x301;
    expect(view(deflateSync('hello'), zlib)).toMatchObject({ kind: 'text', text: 'hello', compression: 'zlib' });
    const bomb = view(deflateSync(Buffer.alloc(9 * 1024 * 1024)), zlib);
    expect(bomb).toMatchObject({ kind: 'unreadable', reason: 'too_large', sizeBytes: null });
    expect(view('not zlib', zlib)).toMatchObject({ kind: 'unreadable', reason: 'corrupt' });
  });
  it('C36 of an unknown codec shows the stored bytes', () => {
    expect(view('ab', 0x701)).toMatchObject({ kind: 'unreadable', reason: 'unknown_codec', text: '6162' });
  });
});

describe('cause', () => {
  it('prefers the kind of the failure to its message, whatever the spelling', () => {
    expect(causeOf({ 'Error-Message': 'late', ERROR_TYPE: 'Timeout' })).toEqual({
      property: 'ERROR_TYPE',
      text: 'Timeout',
    });
    expect(causeOf({ KEYS: 'k', error: ' ' })).toBeNull();
  });
});

describe('record id', () => {
  it('takes a broker name and a position only', () => {
    expect(parseRecordId('broker-a:12')).toEqual({ broker: 'broker-a', physicalOffset: 12 });
    for (const id of ['broker-a', '10.0.0.1:10911:5', 'a:', 'a:-1', 'a:99999999999999999'])
      expect(parseRecordId(id)).toBeNull();
  });
});
