import { describe, expect, it } from 'vitest';
import { readJsonBody } from './read-body';

const post = (body: BodyInit | null) =>
  new Request('http://127.0.0.1/', {
    method: 'POST',
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
const status = async (body: BodyInit | null, max = 64) =>
  readJsonBody(post(body), max).then(
    () => 200,
    (error: { status: number }) => error.status,
  );

describe('readJsonBody', () => {
  it('parses what fits', async () => {
    expect(await readJsonBody(post('{"a":1}'), 64)).toEqual({ a: 1 });
  });
  it('counts what really arrives, also without a length', async () => {
    const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(32)) });
    expect(await status(endless)).toBe(413);
    expect(await status('x'.repeat(65))).toBe(413);
  });
  it.each([null, '', '{', '{"a":1', '\uFEFF{]'])('answers 400 to %j', async (body) => {
    expect(await status(body)).toBe(400);
  });
  it('answers 400 to bytes that are not UTF-8', async () => {
    expect(await status(new Uint8Array([0x22, 0xff, 0x22]))).toBe(400);
  });
});
