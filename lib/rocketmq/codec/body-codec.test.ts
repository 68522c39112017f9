import { createRequire } from 'node:module';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readBody } from './body-codec';
import { LZ4_BODY, ZLIB_BODY, ZSTD_BODY } from './vectors';

const lz4 = createRequire(import.meta.url)('lz4js') as { compress(source: Uint8Array): Uint8Array };

const PLAIN = Buffer.from('RocketMQ '.repeat(8));
const ZLIB = 0x301;
const LZ4 = 0x101;
const ZSTD = 0x201;

/** Bodies written by the compressors of RocketMQ 5.5.0-SNAPSHOT. */
test.each([
  ['zlib', ZLIB_BODY, ZLIB],
  ['zlib of old producers', ZLIB_BODY, 0x001],
  ['lz4', LZ4_BODY, LZ4],
  ['zstd', ZSTD_BODY, ZSTD],
])('reads %s', (_, stored, sysFlag) => {
  expect(readBody(stored, sysFlag)).toEqual({ body: PLAIN });
  expect(readBody(stored, sysFlag, PLAIN.length)).toEqual({ body: PLAIN });
  expect(readBody(stored, sysFlag, PLAIN.length - 1)).toEqual({ unreadable: 'too_large' });
  expect(readBody(stored.subarray(0, -4), sysFlag)).toEqual({ unreadable: 'corrupt' });
  expect(readBody(stored.subarray(1), sysFlag)).toEqual({ unreadable: 'corrupt' });
});

test('type bits without the compressed bit mean nothing', () => {
  expect(readBody(PLAIN, 0x700)).toEqual({ body: PLAIN });
});

test.each([4, 5, 6, 7])('C36 compression type %i is unknown', (type) => {
  expect(readBody(PLAIN, (type << 8) | 1)).toEqual({ unreadable: 'unknown_codec' });
});

describe('bombs', () => {
  const rssGrowth = (read: () => void) => {
    const before = process.memoryUsage().rss;
    read();
    return process.memoryUsage().rss - before;
  };
  const zeros = Buffer.alloc(200 * 1024 * 1024);
  const zlibBomb = deflateSync(zeros);

  test('C36 200 MB of zlib', () => {
    expect(zlibBomb.length).toBeLessThan(250_000);
    let answer: unknown;
    const growth = rssGrowth(() => {
      answer = readBody(zlibBomb, ZLIB);
    });
    expect(answer).toEqual({ unreadable: 'too_large' });
    expect(growth).toBeLessThan(64 * 1024 * 1024);
  });

  test('C36 LZ4 of zeros', () => {
    const bomb = Buffer.from(lz4.compress(zeros.subarray(0, 32 * 1024 * 1024)));
    expect(readBody(bomb, LZ4)).toEqual({ unreadable: 'too_large' });
  });

  test('zstd that declares a huge window, a huge content, or many RLE blocks', () => {
    const window = Buffer.from('28b52ffd00f0010000', 'hex');
    const content = Buffer.from('28b52ffde0ffffffffffff1f00010000', 'hex');
    const rle = Buffer.concat([
      Buffer.from('28b52ffd0058', 'hex'),
      ...Array.from({ length: 1000 }, () => Buffer.from('02001000', 'hex')),
      Buffer.from('010000', 'hex'),
    ]);
    for (const bomb of [window, content, rle]) expect(readBody(bomb, ZSTD)).toEqual({ unreadable: 'too_large' });
  });
});

test('LZ4 round trip', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 3000 }), fc.integer({ min: 1, max: 60 }), (bytes, times) => {
      const plain = Buffer.concat(Array.from({ length: times }, () => bytes));
      expect(readBody(Buffer.from(lz4.compress(plain)), LZ4)).toEqual({ body: plain });
    }),
    { numRuns: 50 },
  );
});

test('mutated bodies give a body within the bound or a reason', () => {
  const stored = fc.constantFrom([ZLIB_BODY, ZLIB], [LZ4_BODY, LZ4], [ZSTD_BODY, ZSTD]) as fc.Arbitrary<
    [Buffer, number]
  >;
  fc.assert(
    fc.property(stored, fc.array(fc.tuple(fc.nat(60), fc.nat(255)), { maxLength: 4 }), ([body, sysFlag], changes) => {
      const copy = Buffer.from(body);
      for (const [at, byte] of changes) copy[at % copy.length] = byte;
      const answer = readBody(copy, sysFlag, 1024);
      if ('body' in answer) expect(answer.body.length).toBeLessThanOrEqual(1024);
      else expect(['too_large', 'corrupt']).toContain(answer.unreadable);
    }),
    { numRuns: 500 },
  );
});
