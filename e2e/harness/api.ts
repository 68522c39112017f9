import { request as askPlainly } from 'node:http';
import { request as askSecurely } from 'node:https';
import { headersFor } from '../sign-in';

export interface ApiAnswer<T = unknown> {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** The body as JSON; undefined when it is none. */
  body: T;
}

export interface ApiRequest {
  method?: string;
  /** As they are; nothing is added but Content-Length for a body that is a string. */
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** Sends the body in chunks, without its length. */
  isChunked?: boolean;
  /** As somebody who has not signed in; else, without a cookie or token of its own, as the console's administrator. */
  isAnonymous?: boolean;
}

/** An error of the API as the contract promises it. */
export interface ApiFault {
  code: string;
  message: string;
  hint?: string;
  requestId: string;
  details?: unknown;
}

/** The console's HTTP API without a client in between: paths go out byte for byte, headers as given. */
export interface Api {
  ask<T = ApiFault>(path: string, options?: ApiRequest): Promise<ApiAnswer<T>>;
  /** GET that has to succeed. */
  get<T>(path: string, query?: Record<string, string | number | undefined>): Promise<T>;
  /** GET for whoever asks again: an error, as of a cluster that is busy, has none of the fields. */
  look<T>(path: string, query?: Record<string, string | number | undefined>): Promise<Partial<T>>;
  /** POST of JSON as curl would send it. */
  post<T = ApiFault>(path: string, json: unknown, headers?: Record<string, string>): Promise<ApiAnswer<T>>;
}

export function apiOf(base: () => string): Api {
  const ask = async <T>(path: string, options: ApiRequest = {}): Promise<ApiAnswer<T>> =>
    send<T>(base(), path, options);
  return {
    ask,
    async get<T>(path: string, query: Record<string, string | number | undefined> = {}) {
      const address = addressOf(path, query);
      const answer = await ask<T>(address);
      if (answer.status !== 200) throw new Error(`GET ${address}: ${answer.status} ${answer.text}`);
      return answer.body;
    },
    async look<T>(path: string, query: Record<string, string | number | undefined> = {}) {
      const { status, body } = await ask<Partial<T>>(addressOf(path, query));
      return status === 200 ? body : {};
    },
    post: (path, json, headers = {}) =>
      ask(path, {
        method: 'POST',
        body: JSON.stringify(json),
        headers: { 'content-type': 'application/json', ...headers },
      }),
  };
}

function addressOf(path: string, query: Record<string, string | number | undefined>): string {
  const pairs = Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]]));
  const search = new URLSearchParams(pairs).toString();
  return search ? `${path}?${search}` : path;
}

function send<T>(base: string, path: string, options: ApiRequest): Promise<ApiAnswer<T>> {
  const { hostname, port, protocol } = new URL(base);
  const request = protocol === 'https:' ? askSecurely : askPlainly;
  const body = options.body === undefined ? undefined : Buffer.from(options.body as string);
  const says = Object.keys(options.headers ?? {}).some((name) => /^(cookie|authorization)$/i.test(name));
  const person = options.isAnonymous || says ? {} : headersFor(base + path);
  const length: Record<string, string> = body && !options.isChunked ? { 'content-length': String(body.length) } : {};
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        path,
        method: options.method ?? 'GET',
        headers: { ...length, ...person, ...options.headers },
        agent: false,
        // Whoever signed its certificate.
        rejectUnauthorized: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text, body: parse(text) as T });
        });
      },
    );
    outgoing.once('error', reject);
    // A refusal may arrive before the whole body has left.
    outgoing.end(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
