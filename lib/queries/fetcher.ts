import type { z } from 'zod';
import type { ErrorBody } from '@/lib/contract/error';
import { idleMs } from './activity';

/** An answer of our API that is no success, or no answer at all (`status` 0). */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint: string | undefined,
    readonly requestId: string | undefined,
    readonly details?: unknown,
  ) {
    super(message);
  }
}

export type QueryParams = Record<string, string | number | boolean | null | undefined>;

export function apiUrl(path: string, params: QueryParams = {}): string {
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value !== undefined && value !== null && value !== '') search.set(key, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export async function getJson<T extends z.ZodType>(
  path: string,
  params: QueryParams,
  signal?: AbortSignal,
): Promise<z.output<T>> {
  return read(await send(apiUrl(path, params), { signal }));
}

export async function getBytes(path: string, params: QueryParams, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await send(apiUrl(path, params), { signal });
  if (!response.ok) await fail(response);
  return new Uint8Array(await response.arrayBuffer());
}

export async function postJson<T extends z.ZodType>(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<z.output<T>> {
  return read(
    await send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    }),
  );
}

/** An answer that comes line by line, each a JSON value; resolves when it has ended, whole or not. */
export async function readLines<Line>(
  path: string,
  params: QueryParams,
  onLine: (line: Line) => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await send(apiUrl(path, params), { signal });
  if (!response.ok || !response.body) return fail(response);
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read().catch((error) => {
      if (signal.aborted) throw error;
      throw new ApiProblem(0, 'console_unreachable', '', undefined, undefined);
    });
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(JSON.parse(line) as Line);
  }
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, headers: { ...init.headers, 'x-redrive-idle-ms': String(idleMs()) } });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, 'console_unreachable', '', undefined, undefined);
  }
}

/** Our own server's answer is taken at its word, unparsed: zod would cost every page some 30 kB of script. */
async function read<T>(response: Response): Promise<T> {
  if (!response.ok) return fail(response);
  return (await response.json()) as T;
}

async function fail(response: Response): Promise<never> {
  const problem: Partial<ErrorBody> | null = await response.json().catch(() => null);
  if (response.status === 401 && window.location.pathname !== '/sign-in') leave();
  if (!problem?.code || !problem.message)
    throw new ApiProblem(response.status, 'unreadable', `HTTP ${response.status}`, undefined, undefined);
  throw new ApiProblem(
    response.status,
    problem.code,
    problem.message,
    problem.hint,
    problem.requestId,
    problem.details,
  );
}

/** The session has ended: signing in leads back to what is on screen. */
function leave(): void {
  const { pathname, search, hash } = window.location;
  window.location.assign(`/sign-in?ended=1&next=${encodeURIComponent(pathname + search + hash)}`);
}
