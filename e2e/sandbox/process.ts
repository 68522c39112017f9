import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Guard } from './guard';

const JVM = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

interface Program {
  main: string;
  jvm: string[];
  settings: { option: '-c' | '-pc'; file: string };
}

const PROPERTIES: Program['settings'] = { option: '-c', file: 'settings.properties' };

const PROGRAMS = {
  namesrv: {
    main: 'org.apache.rocketmq.namesrv.NamesrvStartup',
    jvm: ['-Xms32m', '-Xmx32m'],
    settings: PROPERTIES,
  },
  broker: {
    main: 'org.apache.rocketmq.broker.BrokerStartup',
    jvm: ['-Xms128m', '-Xmx128m', '-XX:MaxDirectMemorySize=128m'],
    settings: PROPERTIES,
  },
  proxy: {
    main: 'org.apache.rocketmq.proxy.ProxyStartup',
    // With TLS it would need the native OpenSSL of Netty.
    jvm: ['-Xms96m', '-Xmx160m', '-XX:MaxDirectMemorySize=192m', '-Dtls.server.mode=disabled'],
    settings: { option: '-pc', file: 'settings.json' },
  },
} satisfies Record<string, Program>;

/** A NameServer, broker or Proxy: its folder, its settings, and the JVM that runs it at the moment. */
export class ServerProcess {
  readonly folder: string;
  private child: ChildProcess | undefined;
  private exited: Promise<void> = Promise.resolve();

  constructor(
    readonly name: string,
    readonly address: string,
    private readonly kind: keyof typeof PROGRAMS,
    scratch: string,
    private readonly classPath: string,
    private readonly guard: Guard,
    private readonly writeSettings: (folder: string) => string,
    private readonly moreJvm: readonly string[] = [],
  ) {
    this.folder = path.join(scratch, name);
  }

  get pid(): number {
    if (!this.child?.pid) throw new Error(`${this.name} has not been started`);
    return this.child.pid;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  spawn(): void {
    if (this.isRunning) throw new Error(`${this.name} is running already`);
    mkdirSync(this.folder, { recursive: true });
    const { main, jvm, settings } = PROGRAMS[this.kind];
    const file = path.join(this.folder, settings.file);
    writeFileSync(file, this.writeSettings(this.folder));
    // `user.home` is the only switch that keeps every log inside; RocksDB and TLS unpack into `java.io.tmpdir`.
    const home = ['user.home', 'rocketmq.home.dir', 'java.io.tmpdir'].map((key) => `-D${key}=${this.folder}`);
    const log = openSync(this.logFile, 'w');
    const child = spawn(
      'java',
      [...jvm, ...JVM, ...this.moreJvm, ...home, '-cp', this.classPath, main, settings.option, file],
      {
        // A group of its own: Ctrl-C in the terminal is for the parent, which decides what to stop.
        detached: true,
        stdio: ['ignore', log, log],
      },
    );
    closeSync(log);
    this.child = child;
    const { pid } = child;
    if (pid !== undefined) this.guard.watch(pid);
    this.exited = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => {
        if (pid !== undefined) this.guard.forget(pid);
        resolve();
      });
    });
  }

  /** Resolves after the exit; SIGSTOP and SIGCONT resolve at once. */
  async signal(signal: NodeJS.Signals): Promise<void> {
    if (!this.isRunning) return;
    this.child?.kill(signal);
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') await this.exited;
  }

  /** Resolves once nothing runs. */
  ended(): Promise<void> {
    return this.exited;
  }

  /** What it said last, when it has ended. */
  failure(): string | undefined {
    if (this.isRunning) return undefined;
    const lines = readFileSync(this.logFile, 'utf8').trim().split('\n');
    return `exit code ${this.child?.exitCode ?? this.child?.signalCode}\n${lines.slice(-8).join('\n')}`;
  }

  private get logFile(): string {
    return path.join(this.folder, 'console.log');
  }
}
