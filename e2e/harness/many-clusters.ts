import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import { type Console, freePort, startConsole } from '../console';
import type { Guard } from '../sandbox/guard';
import { type Api, apiOf } from './api';

/** One console of several clusters, each with its own way in. */
export interface ManyClusters {
  console: Console;
  /** What it wrote, and where it keeps its data. */
  logFile: string;
  dataDir: string;
  /** The API with `cluster` in every query and body. */
  on(cluster: string): Api;
  /** First HTML of a page of that cluster, in English unless told otherwise. */
  page(cluster: string, address: string, locale?: 'en' | 'zh-CN'): Promise<{ status: number; text: string }>;
}

/** What a busy machine let time out is read by the next sweep. */
export const SWEEP_MS = 2000;

interface Given {
  name: string;
  port: number;
  scratch: string;
  guard: Guard;
  clusters: Record<string, object>;
  env?: Record<string, string>;
}

export async function startManyClusters({ name, port, scratch, guard, clusters, env }: Given): Promise<ManyClusters> {
  const config = path.join(scratch, `${name}.yaml`);
  const list = Object.entries(clusters).map(([cluster, settings]) => ({ name: cluster, ...settings }));
  writeFileSync(config, stringify({ clusters: list }), { mode: 0o600 });
  const logFile = path.join(scratch, `${name}.log`);
  const dataDir = path.join(scratch, `${name}-data`);
  const started = await startConsole(
    { nameServers: [], guard },
    {
      dataDir,
      port: await freePort(port),
      logFile,
      env: { REDRIVE_CONFIG: config, REDRIVE_SWEEP_MS: String(SWEEP_MS), LOG_LEVEL: 'trace', ...env },
    },
  );
  const api = apiOf(() => started.url);
  return {
    console: started,
    logFile,
    dataDir,
    on: (cluster) => ({
      ask: api.ask,
      get: (address, query) => api.get(address, { cluster, ...query }),
      look: (address, query) => api.look(address, { cluster, ...query }),
      post: (address, json, headers) => api.post(address, { cluster, ...(json as object) }, headers),
    }),
    async page(cluster, address, locale = 'en') {
      const join = address.includes('?') ? '&' : '?';
      const headers = { 'accept-language': locale };
      const { status, text } = await api.ask(`${address}${join}cluster=${cluster}`, { headers });
      return { status, text: wordsOf(text) };
    },
  };
}

/** What a reader sees, without scripts, tags and entities. */
function wordsOf(html: string): string {
  return html
    .replace(/<script\b[\s\S]*?<\/script>/g, '')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ');
}
