import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BrowserContext, test as base, expect, type Page } from '@playwright/test';
import type { DeadLettersReply } from '@/lib/contract/dead-letters';
import { type Console, type ConsoleOptions, freePort, startConsole } from './console';
import { followRequests } from './harness/accessibility';
import { type Api, apiOf } from './harness/api';
import { type Cluster, joinCluster } from './harness/cluster';
import { startProxy, type WireProxy } from './proxy/proxy';
import { startGuard } from './sandbox/guard';
import { type Oracle, startOracle } from './sandbox/oracle';
import type { WorkloadSummary } from './sandbox/workload';
import { cookieFor } from './sign-in';

export { expect };

/** A console with a witness on every wire to the cluster. */
export interface Watched {
  readonly url: string;
  readonly pid: number;
  /** When it was started, epoch ms. */
  readonly startedAt: number;
  readonly readyMs: number;
  api: Api;
  wire: WireProxy;
  dataDir: string;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Again on the same address and data; without `waitForHealth` it has only to answer. */
  restart(options?: { waitForHealth?: boolean }): Promise<void>;
}

interface WorkerFixtures {
  cluster: Cluster;
  oracle: Oracle;
  /** The console that the browser looks at; it sweeps every 2 s. */
  watched: Watched;
  atRest: Watched;
  /** The shop, with its dead letters. */
  shop: WorkloadSummary;
}

interface TestFixtures {
  /** Set where a test stops what the tests of other workers need: then it has the cluster for itself. */
  alone: boolean;
  turn: undefined;
  /** A console that sweeps once and then sends only what it is asked for, so that "no frame" can be seen. */
  quiet: Watched;
  /** A name nobody else has. */
  unique: (name: string) => string;
  api: Api;
  wire: WireProxy;
}

let lastName = 0;

/** The longest there is. */
const RARELY_MS = 600_000;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern.
  cluster: [async ({}, use) => use(await joinCluster()), { scope: 'worker' }],
  oracle: [
    async ({ cluster }, use) => {
      const guard = startGuard();
      const oracle = await startOracle({ ...cluster, guard });
      await use(oracle);
      await oracle.stop();
      await guard.close();
    },
    { scope: 'worker' },
  ],
  watched: [
    async ({ cluster }, use, { parallelIndex }) => {
      // A worker may begin while a test of another has stopped a broker.
      const leave = await cluster.enter('shared');
      await watch(cluster, { name: 'console', port: 18_080 + 10 * parallelIndex, sweepMs: 2_000 }, (watched) => {
        leave();
        return use(watched);
      });
    },
    { scope: 'worker', timeout: 600_000 },
  ],
  atRest: [
    ({ cluster }, use, { parallelIndex }) =>
      watch(cluster, { name: 'quiet', port: 18_180 + 10 * parallelIndex, sweepMs: RARELY_MS }, use),
    { scope: 'worker' },
  ],
  shop: [async ({ cluster }, use) => use(await cluster.workload()), { scope: 'worker', timeout: 400_000 }],

  alone: [false, { option: true }],
  turn: [
    async ({ alone, cluster, watched }, use) => {
      const leave = await cluster.enter(alone ? 'alone' : 'shared');
      // What an earlier test broke may just have come back.
      await expect.poll(() => healthOf(watched.url).catch(() => 'gone'), { timeout: 60_000 }).toBe('ok');
      await use(undefined);
      leave();
    },
    { auto: true, timeout: 600_000 },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern.
  unique: async ({}, use) =>
    // Numbers of one length: no name is the beginning of another.
    use((name) => `${name}-${process.pid.toString(36)}-${(++lastName).toString(36).padStart(3, '0')}`),
  quiet: async ({ atRest, watched }, use) => {
    const sweepAnew = () => atRest.kill().then(() => atRest.restart());
    // Its second sweep must not fall into a test.
    if (Date.now() - atRest.startedAt > RARELY_MS / 2) await sweepAnew();
    // Until then it pulls dead letters into its ledgers.
    const isAtRest = async () => {
      const unread = await unreadLedgers(atRest.api);
      if (unread?.length === 0) return true;
      // What another test purged since its only sweep it never finds.
      if (unread && (await arePurged(unread, watched.api))) await sweepAnew();
      return false;
    };
    await expect.poll(isAtRest, { timeout: 100_000 }).toBe(true);
    await use(atRest);
  },
  api: async ({ watched }, use) => use(watched.api),
  wire: async ({ watched }, use) => {
    await use(watched.wire);
    watched.wire.clearRules();
  },
  baseURL: async ({ watched }, use) => use(watched.url),
  page: async ({ page, watched }, use) => {
    const complaints = await listen(page);
    followRequests(page);
    const goto = page.goto.bind(page);
    page.goto = async (...args) => {
      await enter(page.context(), new URL(args[0], watched.url).href);
      const response = await goto(...args);
      await takenOver(page);
      return response;
    };
    await use(page);
    expect(complaints, 'policy violations, script errors and requests that leave this machine').toEqual([]);
  },
});

/** Signs a browser in to the console at this address, as its administrator. */
export async function enter(context: BrowserContext, url: string): Promise<void> {
  const cookie = cookieFor(url);
  if (cookie) await context.addCookies([cookie]);
}

/** A click is lost on what React has not taken over yet, which takes long on a busy machine. */
export async function takenOver(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const main = document.querySelector('main');
    return !main || Object.keys(main).some((key) => key.startsWith('__reactProps'));
  });
}

async function watch(
  cluster: Cluster,
  { name, port, sweepMs }: { name: string; port: number; sweepMs: number },
  use: (watched: Watched) => Promise<void>,
): Promise<void> {
  const guard = startGuard();
  const wire = await startProxy([...cluster.nameServers, ...cluster.brokers.map((broker) => broker.address)]);
  const dataDir = path.join(cluster.scratch, `${name}-${process.pid}`);
  const options: ConsoleOptions = {
    dataDir,
    port: await freePort(port),
    addressMap: wire.addressMap,
    logFile: path.join(cluster.scratch, `${name}-${process.pid}.log`),
    env: { REDRIVE_CLUSTER_NAME: 'demo', REDRIVE_CLUSTER_ENV: 'DEMO', REDRIVE_SWEEP_MS: String(sweepMs) },
  };
  let startedAt = 0;
  const start = async ({ waitForHealth = true } = {}): Promise<Console> => {
    startedAt = Date.now();
    const started = await startConsole({ nameServers: cluster.nameServers, guard }, options);
    if (!waitForHealth || (await becomesWhole(started.url, sweepMs))) return started;
    await started.kill();
    return start();
  };
  let console_ = await start();
  await use({
    get url() {
      return console_.url;
    },
    get pid() {
      return console_.pid;
    },
    get startedAt() {
      return startedAt;
    },
    get readyMs() {
      return console_.readyMs;
    },
    api: apiOf(() => console_.url),
    wire,
    dataDir,
    kill: () => console_.kill(),
    async restart(how) {
      console_ = await start(how);
    },
  });
  await console_.kill();
  await wire.stop();
  await guard.close();
}

async function healthOf(url: string): Promise<string | undefined> {
  const { items } = await apiOf(() => url).look<{ items: { health: string }[] }>('/api/clusters');
  return items?.[0]?.health;
}

type Ledger = Pick<DeadLettersReply['items'][number], 'group' | 'count' | 'read'>;

/** Undefined when the console does not answer. */
async function ledgersOf(api: Api): Promise<Ledger[] | undefined> {
  return (await api.look<Partial<DeadLettersReply>>('/api/dead-letters', { limit: 500 })).items;
}

const unreadLedgers = async (api: Api) =>
  (await ledgersOf(api))?.filter(({ count, read }) => count !== null && read < count);

/** Whether a console that sweeps every 2 s knows of fewer letters in each of them. */
async function arePurged(unread: readonly Ledger[], fresh: Api): Promise<boolean> {
  const now = new Map((await ledgersOf(fresh))?.map(({ group, count }) => [group, count]));
  return now.size > 0 && unread.every(({ group, count }) => (now.get(group) ?? 0) < (count ?? 0));
}

/** A sweep that missed a busy broker is mended by the next, unless the sweeps are far apart. */
async function becomesWhole(url: string, sweepMs: number): Promise<boolean> {
  const until = Date.now() + 60_000;
  for (;;) {
    const health = await healthOf(url);
    if (health === 'ok') return true;
    const hasSwept = health !== undefined && health !== 'starting';
    if (Date.now() > until || (hasSwept && sweepMs === RARELY_MS)) return false;
    await delay(50);
  }
}

/** What no page may do, collected while the test runs. Answers that are errors are the test's own business. */
async function listen(page: Page): Promise<string[]> {
  const complaints: string[] = [];
  await page.exposeFunction('complainOfPolicy', (text: string) => void complaints.push(text));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { complainOfPolicy } = window as unknown as { complainOfPolicy(text: string): void };
      complainOfPolicy(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile ?? ''}`);
    });
  });
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() !== 'error' || message.text().startsWith('Failed to load resource')) return;
    complaints.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (!['data:', 'blob:'].includes(protocol) && hostname !== '127.0.0.1')
      complaints.push(`request: ${request.url()}`);
  });
  return complaints;
}
