import { describe, expect, it, vi } from 'vitest';
import { readJsonBody } from './read-body';

const MIB = 1024 * 1024;
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
    expect(await status('x'.repeat(65))).toBe(413);
  });
  it('hears a refused sender out, up to a bound', async () => {
    let sent = 0;
    const stream = (most: number) =>
      new ReadableStream({
        pull(controller) {
          controller.enqueue(new Uint8Array(65_536));
          sent += 65_536;
          if (sent >= most) controller.close();
        },
      });
    expect(await status(stream(8 * MIB))).toBe(413);
    expect(sent).toBe(8 * MIB);
    sent = 0;
    expect(await status(stream(Number.POSITIVE_INFINITY))).toBe(413);
    expect(sent).toBeLessThan(17 * MIB);
  });
  it('refuses a sender who breaks off like any other', async () => {
    let pulls = 0;
    const broken = new ReadableStream({
      pull(controller) {
        if (pulls++ > 2) controller.error(new Error('reset'));
        else controller.enqueue(new Uint8Array(100));
      },
    });
    expect(await status(broken)).toBe(413);
  });
  it('waits no longer than two seconds for the rest of a refused body', async () => {
    vi.useFakeTimers();
    const stuck = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(100)) });
    const refused = status(stuck);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await refused).toBe(413);
    vi.useRealTimers();
  });
  it.each([null, '', '{', '{"a":1', '\uFEFF{]'])('answers 400 to %j', async (body) => {
    expect(await status(body)).toBe(400);
  });
  it('answers 400 to bytes that are not UTF-8', async () => {
    expect(await status(new Uint8Array([0x22, 0xff, 0x22]))).toBe(400);
  });
});
