import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { aclSigner } from '@/lib/rocketmq/sign';
import { decodeFrame, encodeFrame, FrameSplitter, type WireFrame } from '../proxy/frame';
import type { Account } from './access';

const GET_BROKER_RUNTIME_INFO = 28;
const GET_BROKER_CLUSTER_INFO = 106;
const ASK_AGAIN_MS = 100;

/** How the servers of a sandbox want to be spoken to. */
export interface Wire {
  tls?: ConnectionOptions | undefined;
  account?: Account | undefined;
}

interface Question extends Wire {
  fields?: Record<string, string>;
  body?: Buffer;
  timeoutMs?: number;
}

/** One request on a connection of its own. */
export function ask(address: string, code: number, question: Question = {}): Promise<WireFrame> {
  const { tls, account, fields = {}, body = Buffer.alloc(0), timeoutMs = 1_500 } = question;
  const [host, port] = address.split(':');
  const signature = account ? aclSigner(account)(fields, body) : {};
  const request = encodeFrame({ code, opaque: 1, fields: { ...fields, ...signature }, body });
  return new Promise((resolve, reject) => {
    const splitter = new FrameSplitter();
    const to = { host, port: Number(port) };
    const socket = tls ? connectTls({ ...to, ...tls }) : connectTcp(to);
    const timer = setTimeout(() => socket.destroy(new Error(`${address} did not answer ${code}`)), timeoutMs);
    socket.once(tls ? 'secureConnect' : 'connect', () => socket.write(request));
    socket.on('data', (chunk: Buffer) => {
      const raw = splitter.push(chunk)[0];
      if (!raw) return;
      resolve(decodeFrame(raw));
      socket.destroy();
    });
    socket.once('error', reject);
    socket.once('close', () => {
      clearTimeout(timer);
      reject(new Error(`${address} closed the connection`));
    });
  });
}

/** Ready when it answers GET_BROKER_CLUSTER_INFO with 0. */
export async function isNameServerReady(address: string, wire: Wire = {}): Promise<boolean> {
  const reply = await ask(address, GET_BROKER_CLUSTER_INFO, wire).catch(() => undefined);
  return reply?.code === 0;
}

/** Ready unless it says that it is not `brokerActive` (a slave says so for ever, 4.9 nothing) once every NameServer lists its address. */
export async function isBrokerReady(
  address: string,
  nameServers: readonly string[],
  isSlave: boolean,
  wire: Wire = {},
): Promise<boolean> {
  const info = await ask(address, GET_BROKER_RUNTIME_INFO, wire).catch(() => undefined);
  if (info?.code !== 0) return false;
  if (!isSlave && info.body.includes('"brokerActive":"false"')) return false;
  for (const nameServer of nameServers) {
    const cluster = await ask(nameServer, GET_BROKER_CLUSTER_INFO, wire).catch(() => undefined);
    if (!cluster?.body.includes(`"${address}"`)) return false;
  }
  return true;
}

/** Asks until `isReady`, until the process behind it has `failed()`, or until the deadline. */
export async function waitUntil(
  what: string,
  isReady: () => Promise<boolean>,
  failed: () => string | undefined,
  deadlineMs = 120_000,
): Promise<void> {
  const until = Date.now() + deadlineMs;
  while (!(await isReady())) {
    const reason = failed();
    if (reason) throw new Error(`${what} ended before it was ready: ${reason}`);
    if (Date.now() > until) throw new Error(`${what} was not ready within ${deadlineMs / 1000} s`);
    await delay(ASK_AGAIN_MS);
  }
}
