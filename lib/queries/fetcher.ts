import type { z } from 'zod';
import { errorBody } from '@/lib/contract/error';

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
  schema: T,
  signal?: AbortSignal,
): Promise<z.output<T>> {
  return read(await send(apiUrl(path, params), { signal }), schema);
}

export async function getBytes(path: string, params: QueryParams, signal?: AbortSignal): Promise<Uint8Array> {
  const response = await send(apiUrl(path, params), { signal });
  if (!response.ok) await fail(response);
  return new Uint8Array(await response.arrayBuffer());
}

export async function postJson<T extends z.ZodType>(
  path: string,
  body: unknown,
  schema: T,
  headers: Record<string, string> = {},
): Promise<z.output<T>> {
  return read(
    await send(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...headers },
    }),
    schema,
  );
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem(0, 'console_unreachable', '', undefined, undefined);
  }
}

async function read<T extends z.ZodType>(response: Response, schema: T): Promise<z.output<T>> {
  if (!response.ok) return fail(response);
  return schema.parse(await response.json().catch(() => null));
}

async function fail(response: Response): Promise<never> {
  const problem = errorBody.safeParse(await response.json().catch(() => null));
  if (!problem.success)
    throw new ApiProblem(response.status, 'unreadable', `HTTP ${response.status}`, undefined, undefined);
  const { code, message, hint, requestId, details } = problem.data;
  throw new ApiProblem(response.status, code, message, hint, requestId, details);
}
