import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeFrame, encodeFrame, FrameSplitter, type WireFrame } from '../proxy/frame';

const GET_BROKER_RUNTIME_INFO = 28;
const GET_BROKER_CLUSTER_INFO = 106;
const ASK_AGAIN_MS = 100;

/** One request on a connection of its own. */
export function ask(address: string, code: number, timeoutMs = 1_500): Promise<WireFrame> {
  const [host, port] = address.split(':');
  return new Promise((resolve, reject) => {
    const splitter = new FrameSplitter();
    const socket = connect({ host, port: Number(port) });
    const timer = setTimeout(() => socket.destroy(new Error(`${address} did not answer ${code}`)), timeoutMs);
    socket.once('connect', () => socket.write(encodeFrame({ code, opaque: 1 })));
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
export async function isNameServerReady(address: string): Promise<boolean> {
  const reply = await ask(address, GET_BROKER_CLUSTER_INFO).catch(() => undefined);
  return reply?.code === 0;
}

/** Ready when it says `brokerActive` (a slave says false for ever) and every NameServer lists its address. */
export async function isBrokerReady(
  address: string,
  nameServers: readonly string[],
  isSlave: boolean,
): Promise<boolean> {
  const info = await ask(address, GET_BROKER_RUNTIME_INFO).catch(() => undefined);
  if (info?.code !== 0) return false;
  if (!isSlave && !info.body.includes('"brokerActive":"true"')) return false;
  for (const nameServer of nameServers) {
    const cluster = await ask(nameServer, GET_BROKER_CLUSTER_INFO).catch(() => undefined);
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
