import 'server-only';
import { ApiError } from './api-error';
import { jsonProblem } from './json-problem';

/** What is thrown away of a refused body, so that its sender reads the refusal instead of a closed connection. */
const DISCARD = { bytes: 16 * 1024 * 1024, ms: 2_000 };

/** Reads a JSON body of at most `maxBytes`, counting what really arrives. Empty or broken JSON is a 400. */
export async function readJsonBody(request: Request, maxBytes: number): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (request.body) {
    const reader = request.body.getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > maxBytes) {
        await discard(reader);
        throw tooLarge(maxBytes);
      }
      chunks.push(value);
    }
  }
  if (size === 0) throw new ApiError(400, 'invalid', 'empty_body');
  return parse(Buffer.concat(chunks));
}

/** A connection that is closed while its client still writes may lose the answer on the way. */
async function discard(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<void> {
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), DISCARD.ms);
  try {
    let left = DISCARD.bytes;
    for (let chunk = await reader.read(); !chunk.done && left > 0; chunk = await reader.read())
      left -= chunk.value.byteLength;
    await reader.cancel();
  } catch {
    // Who breaks off hears nothing any more.
  } finally {
    clearTimeout(timer);
  }
}

function parse(bytes: Uint8Array): unknown {
  const malformed = () => new ApiError(400, 'invalid', 'malformed_json');
  const text = textOf(bytes);
  if (text === null) throw malformed();
  const problem = jsonProblem(text);
  if (problem?.key === 'json_parts') throw new ApiError(400, 'invalid', problem.key, { max: problem.max });
  try {
    const value = JSON.parse(text) as unknown;
    if (!problem) return value;
  } catch {
    throw malformed();
  }
  throw new ApiError(400, 'invalid', problem.key, { name: problem.name.slice(0, 60) });
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

const tooLarge = (maxBytes: number) => new ApiError(413, 'too_large', 'body_too_large', { max: maxBytes });
