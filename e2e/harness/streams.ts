import { request } from 'node:http';
import type { ApiFault } from './api';

/** An answer whose end nobody waits for. */
export interface OpenStream {
  status: number;
  /** Of an answer that is no stream. */
  body: ApiFault | undefined;
  /** When the console ended it, epoch ms; null: it has not. */
  readonly endedAt: number | null;
  /** What has come so far. */
  readonly text: string;
  close(): void;
}

/** Resolves when the answer has begun, or with an error once it is whole. */
export function open(address: string, cookie: string): Promise<OpenStream> {
  return new Promise((resolve, reject) => {
    const asked = request(address, { agent: false, headers: { cookie } }, (response) => {
      let text = '';
      let endedAt: number | null = null;
      const status = response.statusCode ?? 0;
      const stream = (body?: ApiFault): OpenStream => ({
        status,
        body,
        get endedAt() {
          return endedAt;
        },
        get text() {
          return text;
        },
        close: () => void asked.destroy(),
      });
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('error', () => {});
      response.on('close', () => {
        endedAt = Date.now();
        if (status !== 200) resolve(stream(JSON.parse(text) as ApiFault));
      });
      if (status === 200) resolve(stream());
    });
    asked.once('error', reject).end();
  });
}
