import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ACL1_SETTINGS, ADMIN, acl2Settings, createReader, writePlainAcl } from './access';
import { type Guard, startGuard } from './guard';
import { isLegacy, LEGACY_JVM, writeLegacyHome } from './legacy';
import { findPort, type PortRange } from './ports';
import { isBrokerReady, isNameServerReady, type Wire, waitUntil } from './probe';
import { ServerProcess } from './process';
import { DEFAULT_VERSION, provision } from './provision';
import { brokerSettings, nameServerSettings } from './settings';
import { enforceTls, type SandboxTls } from './tls';

/** `single`: 1 NameServer, 1 master. `demo`: 2 NameServers, 2 masters. `replicated`: 1 NameServer, master and slave. `wide`: 1 NameServer, 4 masters. */
export type Topology = 'single' | 'demo' | 'replicated' | 'wide';

export interface SandboxOptions {
  topology: Topology;
  version?: string | undefined;
  /** Where stores and logs go; a folder that is given stays, the default one in the system's temporary folder is removed. */
  scratch?: string | undefined;
  ports?: PortRange | undefined;
  /** Added to every broker's settings. */
  settings?: Record<string, string> | undefined;
  /** `replicated` only: 2 makes the SYNC_MASTER wait for its slave. */
  inSyncReplicas?: 1 | 2 | undefined;
  /** Brokers ask for the accounts of access.ts: `2.0` from RocketMQ 5.3 on, `1.0` before. A 4.9 listens on every address. */
  acl?: '1.0' | '2.0' | undefined;
  /** Every server speaks TLS only; `mutual` asks clients for a certificate. */
  tls?: 'enforcing' | 'mutual' | undefined;
}

export interface SandboxBroker {
  /** `broker-a`; the handle of a slave is `broker-a/1`. */
  handle: string;
  name: string;
  id: number;
  address: string;
  readonly pid: number;
}

export interface Sandbox {
  readonly topology: Topology;
  readonly version: string;
  readonly cluster: string;
  readonly nameServers: string[];
  readonly brokers: SandboxBroker[];
  readonly scratch: string;
  readonly classPath: string;
  readonly guard: Guard;
  readonly tls: SandboxTls | null;
  /** What {@link ask} has to be given here; with ACL it is the admin who asks. */
  readonly wire: Wire;
  /** Ends one server (`broker-a`, `broker-a/1`, `namesrv-0`), by default with SIGKILL, and waits for its exit. SIGTERM takes a broker 9 to 16 s. */
  kill(handle: string, signal?: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** Starts it again on the same store and address, and waits until it is ready. */
  start(handle: string): Promise<void>;
  /** SIGSTOP: it hangs, connections stay open. */
  freeze(handle: string): Promise<void>;
  thaw(handle: string): Promise<void>;
  /** Kills everything; a temporary scratch folder goes with it. */
  stop(): Promise<void>;
}

const CLUSTER = 'DemoCluster';

export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { topology } = options;
  const version = options.version ?? DEFAULT_VERSION;
  const classPath = await provision(version);
  if (options.scratch) mkdirSync(options.scratch, { recursive: true });
  const scratch = options.scratch ?? mkdtempSync(path.join(tmpdir(), 'redrive-sandbox-'));
  const guard = startGuard(options.scratch ? undefined : scratch);
  try {
    const tls = options.tls ? enforceTls(scratch, options.tls === 'mutual') : null;
    const wire: Wire = { tls: tls?.probe, account: options.acl && ADMIN };
    const servers = await layOut(options, {
      scratch,
      classPath,
      guard,
      jvm: [...(isLegacy(version) ? LEGACY_JVM : []), ...(tls?.jvm ?? [])],
      isLegacy: isLegacy(version),
    });
    for (const server of servers.nameServers) server.spawn();
    await Promise.all(servers.nameServers.map((server) => awaitNameServer(server, wire)));
    for (const { process } of servers.brokers) process.spawn();
    const nameServers = servers.nameServers.map((server) => server.address);
    await Promise.all(servers.brokers.map((broker) => awaitBroker(broker, nameServers, wire)));
    if (options.acl === '2.0') for (const { process } of servers.brokers) await createReader(process.address, wire);
    return toSandbox({ topology, version, scratch, classPath, guard, tls, wire }, servers, nameServers);
  } catch (error) {
    await guard.close();
    throw error;
  }
}

interface Broker {
  handle: string;
  name: string;
  id: number;
  process: ServerProcess;
}

interface Servers {
  nameServers: ServerProcess[];
  brokers: Broker[];
}

interface Host {
  scratch: string;
  classPath: string;
  guard: Guard;
  jvm: string[];
  isLegacy: boolean;
}

async function layOut(options: SandboxOptions, host: Host): Promise<Servers> {
  const { scratch, classPath, guard, jvm } = host;
  const taken = new Set<number>();
  const nameServers: ServerProcess[] = [];
  for (let index = 0; index < (options.topology === 'demo' ? 2 : 1); index++) {
    const port = await findPort(taken, options.ports);
    const write = (folder: string) => {
      if (host.isLegacy) writeLegacyHome(folder);
      return nameServerSettings(folder, port);
    };
    nameServers.push(
      new ServerProcess(`namesrv-${index}`, `127.0.0.1:${port}`, 'namesrv', scratch, classPath, guard, write, jvm),
    );
  }
  const addresses = nameServers.map((server) => server.address);
  const brokers: Broker[] = [];
  for (const { name, id, extra } of seats(options)) {
    const port = await findPort(taken, options.ports);
    const acl = options.acl === '2.0' ? acl2Settings() : options.acl === '1.0' ? ACL1_SETTINGS : {};
    const settings = { ...extra, ...acl, ...options.settings };
    const write = (folder: string) => {
      if (host.isLegacy) writeLegacyHome(folder);
      if (options.acl === '1.0') writePlainAcl(folder);
      return brokerSettings(folder, { name, id, port, cluster: CLUSTER, settings }, addresses);
    };
    const folder = id === 0 ? name : `${name}-${id}`;
    const process = new ServerProcess(folder, `127.0.0.1:${port}`, 'broker', scratch, classPath, guard, write, jvm);
    brokers.push({ handle: id === 0 ? name : `${name}/${id}`, name, id, process });
  }
  return { nameServers, brokers };
}

function seats(options: SandboxOptions): { name: string; id: number; extra: Record<string, string> }[] {
  const master = { name: 'broker-a', id: 0, extra: {} };
  if (options.topology === 'single') return [master];
  if (options.topology === 'demo') return [master, { name: 'broker-b', id: 0, extra: {} }];
  if (options.topology === 'wide')
    return ['a', 'b', 'c', 'd'].map((letter) => ({ ...master, name: `broker-${letter}` }));
  // The role alone does not make the master wait: inSyncReplicas defaults to 1.
  const extra = { brokerRole: 'SYNC_MASTER', inSyncReplicas: String(options.inSyncReplicas ?? 1) };
  return [
    { ...master, extra },
    { name: 'broker-a', id: 1, extra: {} },
  ];
}

function awaitNameServer(server: ServerProcess, wire: Wire): Promise<void> {
  return waitUntil(
    server.name,
    () => isNameServerReady(server.address, wire),
    () => server.failure(),
  );
}

function awaitBroker({ id, process }: Broker, nameServers: readonly string[], wire: Wire): Promise<void> {
  return waitUntil(
    process.name,
    () => isBrokerReady(process.address, nameServers, id !== 0, wire),
    () => process.failure(),
  );
}

function toSandbox(
  facts: Pick<Sandbox, 'topology' | 'version' | 'scratch' | 'classPath' | 'guard' | 'tls' | 'wire'>,
  servers: Servers,
  nameServers: string[],
): Sandbox {
  const find = (handle: string): ServerProcess => {
    const broker = servers.brokers.find((candidate) => candidate.handle === handle);
    const server = broker?.process ?? servers.nameServers.find((candidate) => candidate.name === handle);
    if (!server) throw new Error(`no server is called ${handle}`);
    return server;
  };
  return {
    ...facts,
    cluster: CLUSTER,
    nameServers,
    brokers: servers.brokers.map(({ handle, name, id, process }) => ({
      handle,
      name,
      id,
      address: process.address,
      get pid() {
        return process.pid;
      },
    })),
    kill: (handle, signal = 'SIGKILL') => find(handle).signal(signal),
    async start(handle) {
      const server = find(handle);
      server.spawn();
      const broker = servers.brokers.find((candidate) => candidate.process === server);
      const { wire } = facts;
      await (broker ? awaitBroker(broker, liveNameServers(servers), wire) : awaitNameServer(server, wire));
    },
    freeze: (handle) => find(handle).signal('SIGSTOP'),
    thaw: (handle) => find(handle).signal('SIGCONT'),
    async stop() {
      await facts.guard.close();
      await Promise.all(
        [...servers.nameServers, ...servers.brokers.map((broker) => broker.process)].map((server) => server.ended()),
      );
    },
  };
}

function liveNameServers(servers: Servers): string[] {
  return servers.nameServers.filter((server) => server.isRunning).map((server) => server.address);
}
