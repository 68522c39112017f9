import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, existsSync, readFileSync } from 'node:fs';
import { request as askPlainly } from 'node:http';
import { request as askSecurely } from 'node:https';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './sandbox/paths';
import { isFree } from './sandbox/ports';
import type { Sandbox } from './sandbox/sandbox';
import { forgetPersonAt, signInTo } from './sign-in';

export interface ConsoleOptions {
  dataDir: string;
  port: number;
  /** Real address → proxy address. */
  addressMap?: Record<string, string> | undefined;
  /** Where its output goes; the terminal when left out. */
  logFile?: string | undefined;
  env?: Record<string, string> | undefined;
  /** Leaves the console to whoever opens its setup link. */
  isLeftNew?: boolean | undefined;
  /** Keeps the limits that a console has by itself: one account of a test asks for more than any person. */
  hasLimits?: boolean | undefined;
  /** It is meant to kill itself: not worth a word when it does. */
  mayDie?: boolean | undefined;
}

export interface Console {
  url: string;
  /** From the start of the process to its first `/healthz`, ms. */
  readyMs: number;
  readonly pid: number;
  readonly hasEnded: boolean;
  /** SIGTERM, which lets running jobs reach a safe point. */
  stop(): Promise<void>;
  /** SIGKILL: what a crash leaves behind. */
  kill(): Promise<void>;
}

const NO_LIMITS = {
  REDRIVE_USER_RATE: '100000',
  REDRIVE_USER_REQUESTS: '1000',
  REDRIVE_USER_STREAMS: '100',
  REDRIVE_REQUESTS: '1000',
  REDRIVE_STREAMS: '1000',
};

/** The built console as a process of its own, bound to loopback, ready when this resolves. */
export async function startConsole(
  sandbox: Pick<Sandbox, 'nameServers' | 'guard'>,
  options: ConsoleOptions,
): Promise<Console> {
  const startedAt = performance.now();
  const start = startCommand();
  const child = spawn(process.execPath, start.words, {
    cwd: ROOT,
    detached: true,
    stdio: ['ignore', options.logFile ? 'pipe' : 'inherit', options.logFile ? 'pipe' : 'inherit'],
    env: {
      ...process.env,
      // What a test runner wants of its own output.
      FORCE_COLOR: '',
      ...start.env,
      NAMESRV_ADDR: sandbox.nameServers.join(';'),
      REDRIVE_DATA_DIR: options.dataDir,
      HOST: '127.0.0.1',
      PORT: String(options.port),
      ...(options.addressMap
        ? {
            REDRIVE_ADDRESS_MAP: Object.entries(options.addressMap)
              .map((pair) => pair.join('='))
              .join(','),
          }
        : {}),
      ...(!options.hasLimits && NO_LIMITS),
      ...options.env,
    },
  });
  if (child.pid !== undefined) sandbox.guard.watch(child.pid);
  if (options.logFile) {
    const log = createWriteStream(options.logFile, { flags: 'a' });
    child.stdout?.pipe(log);
    child.stderr?.pipe(log);
  }
  let isAsked = false;
  const exited = new Promise<void>((resolve) =>
    child.once('exit', (code, signal) => {
      if (!isAsked && !options.mayDie) process.stderr.write(`${lastWords(code, signal, options.logFile)}\n`);
      resolve();
    }),
  );
  const scheme = options.env?.REDRIVE_HTTPS_CERT ? 'https' : 'http';
  const url = `${scheme}://127.0.0.1:${options.port}`;
  await untilHealthy(url, child);
  const readyMs = performance.now() - startedAt;
  if (options.isLeftNew) forgetPersonAt(url);
  else await signInTo(url, options.dataDir);
  const end = async (signal: NodeJS.Signals) => {
    isAsked = true;
    if (child.pid !== undefined && !hasEnded(child)) process.kill(-child.pid, signal);
    await Promise.race([exited, delay(15_000, undefined, { ref: false })]);
  };
  return {
    url,
    readyMs,
    pid: child.pid ?? 0,
    get hasEnded() {
      return hasEnded(child);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
  };
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

/** A console that ends by itself fails whatever test is running: why must not be lost with the scratch folder. */
function lastWords(code: number | null, signal: NodeJS.Signals | null, logFile: string | undefined): string {
  const log = logFile && existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-40) : [];
  return [`The console ended by itself with ${signal ?? `exit code ${code}`}. Its last words:`, ...log].join('\n');
}

/** What `npm start` sets and calls: `NAME=value … node word …`. */
export function startCommand(): { env: Record<string, string>; words: string[] } {
  const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const words: string[] = scripts.start.split(' ');
  const node = words.indexOf('node');
  return { env: Object.fromEntries(words.slice(0, node).map((pair) => pair.split('='))), words: words.slice(node + 1) };
}

/** Whoever signed its certificate. */
function answers(address: string): Promise<boolean> {
  const ask = address.startsWith('https:') ? askSecurely : askPlainly;
  return new Promise((resolve) => {
    const asked = ask(address, { rejectUnauthorized: false, agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('timeout', () => asked.destroy());
    asked.once('error', () => resolve(false)).end();
  });
}

export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + 100; port++) if (await isFree(port, '127.0.0.1')) return port;
  throw new Error(`No free port from ${wanted} to ${wanted + 99}.`);
}

async function untilHealthy(url: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + 60_000;
  while (Date.now() < until) {
    if (hasEnded(child))
      throw new Error(`The console ended with ${child.signalCode ?? `exit code ${child.exitCode}`}; see its output.`);
    if (await answers(`${url}/healthz`)) return;
    await delay(50);
  }
  throw new Error(`The console did not answer ${url}/healthz within 60 s.`);
}
