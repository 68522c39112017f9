import { get, request } from 'node:http';
import type { JobEvent } from '@/lib/contract/jobs';
import { headersFor } from '../sign-in';

/** Sends the request and is gone before its answer. */
export function sendAndLeave(url: string, json: unknown, key: string): Promise<void> {
  const headers = { 'content-type': 'application/json', 'idempotency-key': key, ...headersFor(url) };
  return new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', agent: false, headers });
    outgoing.on('error', () => {}).once('close', resolve);
    outgoing.end(JSON.stringify(json), () => outgoing.destroy());
  });
}

/** The first event of a stream, which is then cut. */
export function glimpse(url: string): Promise<JobEvent> {
  return new Promise((resolve, reject) => {
    const asked = get(url, { agent: false, headers: headersFor(url) }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        const event = /^event: job\ndata: (.*)\n\n/m.exec(text)?.[1];
        if (event === undefined) return;
        resolve(JSON.parse(event) as JobEvent);
        asked.destroy();
      });
      response.once('end', () => reject(new Error(`no event: ${response.statusCode} ${text}`)));
    });
    asked.once('error', reject);
  });
}
