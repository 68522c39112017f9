import fc from 'fast-check';
import { expect, test } from 'vitest';
import { briefDecoder } from './brief-record';
import { encodeProperties } from './message-properties';
import { decodeStoredMessages } from './stored-message';
import { PULL_RESPONSE, RECORD_IPV6, RECORD_V1, RECORD_V2, RECORD_WAITING, RECORD_ZLIB } from './vectors';

const all = briefDecoder(() => true);

/** A record with these properties, as they lie in its bytes. */
function recordWith(properties: Buffer): Buffer {
  const head = Buffer.from(RECORD_V1.subarray(0, 88 + 'hello'.length + 1 + 'TopicTest'.length));
  const length = Buffer.alloc(2);
  length.writeInt16BE(properties.length);
  const record = Buffer.concat([head, length, properties]);
  record.writeInt32BE(record.length, 0);
  return record;
}

test('reads what the whole decoder reads', () => {
  const pulled = PULL_RESPONSE.subarray(8 + PULL_RESPONSE.readInt32BE(4));
  for (const body of [RECORD_V1, RECORD_V2, RECORD_IPV6, RECORD_WAITING, RECORD_ZLIB, pulled]) {
    const whole = decodeStoredMessages(body);
    const brief = all(body);
    expect(brief.damaged).toEqual(whole.damaged);
    expect(whole.messages).toMatchObject(
      brief.messages.map((each) => ({ ...each, properties: { ...each.properties } })),
    );
    expect(brief.messages).toHaveLength(whole.messages.length);
  }
});

test('of any text of properties it has what the whole decoder has', () => {
  const piece = fc.oneof(
    fc.constantFrom('\u0001', '\u0002', 'KEYS', 'é', '', '\u{1f600}'),
    fc.string({ maxLength: 6 }),
  );
  const text = fc.array(piece, { maxLength: 20 }).map((pieces) => Buffer.from(pieces.join('')));
  fc.assert(
    fc.property(text, (properties) => {
      const record = recordWith(properties);
      const whole = decodeStoredMessages(record).messages[0]?.properties;
      expect({ ...all(record).messages[0]?.properties }).toEqual({ ...whole });
    }),
  );
});

test('leaves out properties that are not wanted', () => {
  const record = recordWith(Buffer.from(encodeProperties({ KEYS: 'k', WAIT: 'true', TAGS: 't' })));
  const [message] = briefDecoder((name) => name !== 'WAIT')(record).messages;
  expect({ ...message?.properties }).toEqual({ KEYS: 'k', TAGS: 't' });
});

test('tells names of the same hash apart', () => {
  // 31 * 'A' + 'a' is 31 * 'B' + 'B'.
  const properties = { Aa: '1', BB: '2', AaBB: '3', BBAa: '4' };
  const record = recordWith(Buffer.from(encodeProperties(properties)));
  for (let time = 0; time < 2; time++) expect({ ...all(record).messages[0]?.properties }).toEqual(properties);
});

test('steps over damaged records as the whole decoder does', () => {
  const damaged = Buffer.from(RECORD_V1);
  damaged.writeUInt32BE(0, 4);
  const body = Buffer.concat([damaged, RECORD_V2, RECORD_V1.subarray(0, 100)]);
  expect(all(body).damaged).toEqual(decodeStoredMessages(body).damaged);
  expect(all(body).messages).toHaveLength(1);
});
