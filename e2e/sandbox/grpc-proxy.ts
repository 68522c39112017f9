import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type JavaHome, runJava } from './java';
import { findPort } from './ports';
import { waitUntil } from './probe';
import { ServerProcess } from './process';
import { provisionGrpc } from './provision';
import type { Sandbox } from './sandbox';

export interface Received {
  tag: string;
  keys: string;
  /** 1 is the first. */
  attempt: number;
}

/** A gRPC PushConsumer of one thread; what it does with a message is the message's tag, see GrpcConsumer.java. */
export interface GrpcConsumer {
  start(): Promise<void>;
  /** A clean shutdown, which lets the message in hand come to its end. */
  stop(): Promise<void>;
  /** Messages of the tag `hold` succeed from now on. */
  release(): Promise<void>;
  /** Every delivery so far, retries included. */
  received(): readonly Received[];
}

export interface GrpcProxy {
  endpoint: string;
  /** A program of its own, not yet connected. */
  consumer(group: string, topic: string): GrpcConsumer;
}

/**
 * A Proxy in cluster mode beside the servers of a sandbox. It lives as long as the guard.
 * Its gRPC port is open on all addresses: RocketMQ has no setting for it.
 */
export async function startGrpcProxy(home: JavaHome & Pick<Sandbox, 'cluster' | 'guard'>): Promise<GrpcProxy> {
  const classPath = await provisionGrpc();
  const port = await findPort(new Set());
  const endpoint = `127.0.0.1:${port}`;
  const settings = {
    rocketMQClusterName: home.cluster,
    namesrvAddr: home.nameServers.join(';'),
    proxyMode: 'CLUSTER',
    grpcServerPort: port,
    remotingListenPort: port + 1,
  };
  const proxy = new ServerProcess('grpc-proxy', endpoint, 'proxy', home.scratch, classPath.proxy, home.guard, () =>
    JSON.stringify(settings),
  );
  proxy.spawn();
  await waitUntil(
    proxy.name,
    () => isListening(port),
    () => proxy.failure(),
  );
  return {
    endpoint,
    consumer: (group, topic) => consumerOf({ ...home, classPath: classPath.client }, [endpoint, group, topic]),
  };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

function consumerOf(home: JavaHome, args: string[]): GrpcConsumer {
  const child = runJava(home, 'GrpcConsumer.java', args, '64m');
  const received: Received[] = [];
  // A program that ends tells whoever waits for an answer, and nobody else.
  const answers = new EventEmitter().on('error', () => {});
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word = '', tag = '', keys = '', attempt] = line.split(' ');
    if (word === 'received') received.push({ tag, keys, attempt: Number(attempt) });
    else answers.emit(word);
  });
  child.once('exit', (code) =>
    answers.emit(
      'error',
      new Error(`The gRPC consumer ended with ${code}; see ${home.scratch}/grpcconsumer/stderr.log`),
    ),
  );
  const tell = async (command: string) => {
    const answered = once(answers, command);
    child.stdin.write(`${command}\n`);
    await answered;
  };
  return {
    start: () => tell('start'),
    stop: () => tell('stop'),
    release: () => tell('release'),
    received: () => received,
  };
}
