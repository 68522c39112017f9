import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RemotingCommand } from './command';
import { RemotingError } from './errors';
import { encodeFrame, FrameDecoder } from './frame';
import * as vectors from './vectors.fixture';

const ROUTE_REQUEST: RemotingCommand = {
  code: 105,
  language: 'OTHER',
  version: 479,
  opaque: 7,
  flag: 0,
  extFields: { topic: 'TopicTest' },
  body: Buffer.alloc(0),
};

function decode(bytes: Buffer, slices: readonly number[] = [], maxFrameBytes?: number): RemotingCommand[] {
  const decoder = new FrameDecoder('broker:1', maxFrameBytes);
  const commands: RemotingCommand[] = [];
  let from = 0;
  for (const slice of slices) {
    decoder.push(bytes.subarray(from, from + slice), (command) => commands.push(command));
    from += slice;
  }
  decoder.push(bytes.subarray(from), (command) => commands.push(command));
  return commands;
}

const decodeHex = (hex: string) => decode(Buffer.from(hex, 'hex'));

function frameError(bytes: Buffer, maxFrameBytes?: number): RemotingError {
  try {
    decode(bytes, [], maxFrameBytes);
  } catch (error) {
    if (error instanceof RemotingError) return error;
    throw error;
  }
  throw new Error('the frame was accepted');
}

function words(length: number, header: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(length, 0);
  bytes.writeUInt32BE(header, 4);
  return bytes;
}

describe('byte-exact vectors (RocketMQ develop 8fc57f14)', () => {
  it('writes TV1, a request with a JSON header', () => {
    expect(encodeFrame(ROUTE_REQUEST).toString('hex')).toBe(vectors.REQUEST_JSON);
  });
  it.each([
    ['TV1', vectors.REQUEST_JSON],
    ['TV1 as Java writes it', vectors.REQUEST_JSON_BY_JAVA],
    ['TV2, the binary header', vectors.REQUEST_ROCKETMQ],
  ])('reads %s', (_, hex) => {
    expect(decodeHex(hex)).toEqual([ROUTE_REQUEST]);
  });
  it('reads TV3, a response with a remark', () => {
    expect(decodeHex(vectors.RESPONSE_JSON)).toEqual([
      {
        code: 17,
        flag: 1,
        language: 'JAVA',
        version: 479,
        opaque: 7,
        remark: 'no route',
        extFields: {},
        body: Buffer.alloc(0),
      },
    ]);
  });
  it('reads TV4, a binary response with fields and body, keeping 64 bits exact', () => {
    expect(decodeHex(vectors.RESPONSE_ROCKETMQ)).toEqual([
      {
        code: 0,
        flag: 1,
        language: 'JAVA',
        version: 409,
        opaque: 8,
        extFields: { offset: '9223372036854775807' },
        body: Buffer.from('{"table":{}}'),
      },
    ]);
  });
});

describe('bounds', () => {
  it.each([
    ['0', words(0, 0)],
    ['4, which has no header', words(4, 0)],
    ['-1', words(-1, 0)],
    ['2 GiB', words(0x7fff_ffff, 100)],
    ['16 MiB + 1', words(16 * 1024 * 1024 + 1, 100)],
    ['a header longer than the frame', words(20, 17)],
    ['an empty header', words(20, 0)],
    ['a header of 1 MiB', words(2 * 1024 * 1024, 1024 * 1024)],
    ['an unknown header type', words(20, 0x0200_0010)],
  ])('C35 refuses a length of %s before anything is allocated for it', (_, bytes) => {
    expect(frameError(bytes)).toMatchObject({ kind: 'FRAME', address: 'broker:1', sent: true });
  });
  it('refuses a bad length at its fourth byte', () => {
    expect(frameError(words(-1, 0).subarray(0, 4)).kind).toBe('FRAME');
  });
  it('accepts a frame of exactly the bound and refuses one byte more', () => {
    const frame = encodeFrame({ ...ROUTE_REQUEST, body: Buffer.alloc(1000) });
    expect(decode(frame, [], frame.length - 4)).toHaveLength(1);
    expect(frameError(frame, frame.length - 5).kind).toBe('FRAME');
  });
  it('C35 holds little for a peer that announces much and sends little', () => {
    const decoder = new FrameDecoder('broker:1');
    decoder.push(Buffer.concat([words(16 * 1024 * 1024, 100), Buffer.alloc(1000)]), () => {});
    expect(decoder.bufferedBytes).toBeLessThan(4096);
  });
  it.each([
    ['that is no JSON', '{"code":'],
    ['that is no object', '17'],
    ['with a code that is no int32', '{"code":4294967296,"opaque":1}'],
    ['nested 10^5 deep in a field', `{"code":0,"extFields":{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}}`],
    ['nested 10^5 deep and cut off', '['.repeat(1e5)],
  ])('C35 refuses a header %s', (_, header) => {
    const bytes = Buffer.concat([words(4 + header.length, header.length), Buffer.from(header)]);
    expect(frameError(bytes).kind).toBe('FRAME');
  });
  it('refuses binary fields that reach beyond the header', () => {
    const bytes = Buffer.from(vectors.REQUEST_ROCKETMQ, 'hex');
    bytes.writeInt32BE(0x7fff_ffff, 8 + 13);
    expect(frameError(bytes).kind).toBe('FRAME');
    bytes.writeInt32BE(-1, 8 + 13);
    expect(frameError(bytes).kind).toBe('FRAME');
  });
  it('refuses to write a frame above the 16 MiB a server reads', () => {
    expect(() => encodeFrame({ ...ROUTE_REQUEST, body: Buffer.alloc(16 * 1024 * 1024) })).toThrow(RangeError);
  });
  it('keeps a field named __proto__ a field', () => {
    const header = '{"code":0,"extFields":{"__proto__":"x"}}';
    const [command] = decode(Buffer.concat([words(4 + header.length, header.length), Buffer.from(header)]));
    expect(Object.entries(command?.extFields ?? {})).toEqual([['__proto__', 'x']]);
  });
});

describe('slices', () => {
  it('reads frames however they are cut', () => {
    const stream = [vectors.RESPONSE_JSON, vectors.RESPONSE_ROCKETMQ, vectors.REQUEST_JSON].join('');
    const bytes = Buffer.from(stream, 'hex');
    const whole = decode(bytes);
    expect(whole).toHaveLength(3);
    fc.assert(
      fc.property(fc.array(fc.nat(150), { maxLength: 40 }), (slices) => {
        expect(decode(bytes, slices)).toEqual(whole);
      }),
    );
  });
  it('copies each byte of a 4 MB answer a bounded number of times when they come one by one', () => {
    const frame = encodeFrame({ ...ROUTE_REQUEST, body: Buffer.alloc(4 * 1024 * 1024, 7) });
    const decoder = new FrameDecoder('broker:1');
    const capacities = new Set<number>();
    let body = Buffer.alloc(0);
    for (let at = 0; at < frame.length; at++) {
      decoder.push(frame.subarray(at, at + 1), (command) => {
        body = command.body as Buffer<ArrayBuffer>;
      });
      capacities.add(decoder.bufferedBytes);
    }
    expect(body.equals(frame.subarray(frame.length - body.length))).toBe(true);
    expect(body.length).toBe(4 * 1024 * 1024);
    expect([...capacities].reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(4 * frame.length);
  }, 30_000);
  it('round-trips any command', () => {
    const text = fc.string({ unit: 'grapheme' });
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(fc.dictionary(text, text), int32, int32, fc.uint8Array(), (extFields, opaque, code, bytes) => {
        const command = { ...ROUTE_REQUEST, extFields: { ...extFields }, opaque, code, body: Buffer.from(bytes) };
        expect(decode(encodeFrame(command))).toEqual([command]);
      }),
    );
  });
});

describe('fuzz', () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
    // Valid frames with a few bytes overwritten get past the first checks.
    fc
      .tuple(
        fc.constantFrom(...Object.values(vectors)),
        fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      )
      .map(([hex, edits]) => {
        const frame = Buffer.from(hex, 'hex');
        for (const [at, value] of edits) if (at < frame.length) frame[at] = value;
        return frame;
      }),
  );
  it('answers any bytes in any slices with commands or a FRAME error, holding no more than twice what came', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.nat(60), { maxLength: 20 }), (stream, slices) => {
        const decoder = new FrameDecoder('broker:1', 4096);
        let from = 0;
        try {
          for (const slice of [...slices, stream.length]) {
            decoder.push(stream.subarray(from, from + slice), () => {});
            from += slice;
            expect(decoder.bufferedBytes).toBeLessThanOrEqual(Math.max(16, 2 * stream.length));
          }
        } catch (error) {
          if (!(error instanceof RemotingError) || error.kind !== 'FRAME') throw error;
        }
      }),
      { numRuns: 3000 },
    );
  });
});
