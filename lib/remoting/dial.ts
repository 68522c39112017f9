import { connect as connectTcp, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { parseAddress } from './address';
import { RemotingError } from './errors';
import { type ConnectionReason, reasonOfCode } from './reason';

/** PEM texts. RocketMQ has no STARTTLS: the same port speaks TLS when the first byte is a ClientHello. */
export interface TlsOptions {
  ca?: string | Buffer;
  cert?: string | Buffer;
  key?: string | Buffer;
  /** Name to verify instead of the address's host. */
  serverName?: string;
  /** Accepts any certificate; whoever sets it has to say so on screen. */
  insecureSkipVerify?: boolean;
}

export interface DialOptions {
  timeoutMs: number;
  tls?: TlsOptions | undefined;
  lookup?: LookupFunction | undefined;
  signal?: AbortSignal | undefined;
}

/** Opens one TCP or TLS connection. Rejects with `RemotingError` CONNECT or ABORTED; never falls back to plain text. */
export function dial(address: string, options: DialOptions): Promise<Socket> {
  const target = parseAddress(address);
  if (!target) {
    return Promise.reject(new RemotingError('CONNECT', address, `${address} is no host:port`, false));
  }
  return new Promise((resolve, reject) => {
    const { tls, signal, timeoutMs, lookup } = options;
    const tcp = { ...target, noDelay: true, keepAlive: true, ...(lookup ? { lookup } : {}) };
    const socket = tls ? connectTls({ ...tcp, ...tlsOf(tls, target.host) }) : connectTcp(tcp);

    const cleanUp = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.removeListener('error', onError);
      socket.removeListener('close', onClose);
    };
    let isReached = false;
    const fail = (kind: 'CONNECT' | 'ABORTED', message: string, cause?: unknown, reason?: ConnectionReason) => {
      cleanUp();
      // A destroyed socket may still report an error; nobody is left to hear it.
      socket.on('error', () => {}).destroy();
      reject(new RemotingError(kind, address, message, false, { cause, reason }));
    };
    // A server without TLS takes a ClientHello for a frame of impossible length and hangs up.
    const hungUp = () => (tls && isReached ? 'TLS_NOT_SPOKEN' : undefined);
    const onError = (cause: Error & { code?: string }) =>
      fail('CONNECT', `cannot connect to ${address}: ${wordsOf(cause)}`, cause, reasonOfCode(cause.code) ?? hungUp());
    const onClose = () =>
      fail('CONNECT', `${address} closed the connection while it was being opened`, undefined, hungUp());
    const onAbort = () => fail('ABORTED', `connecting to ${address} was cancelled`);
    const timer = setTimeout(
      () => fail('CONNECT', `${address} accepted no connection within ${timeoutMs} ms`),
      timeoutMs,
    );
    socket.on('error', onError);
    socket.once('close', onClose);
    socket.once('connect', () => {
      isReached = true;
    });
    socket.once(tls ? 'secureConnect' : 'connect', () => {
      cleanUp();
      resolve(socket);
    });
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}

function tlsOf(tls: TlsOptions, host: string) {
  const { insecureSkipVerify, serverName, ...pem } = tls;
  const name = serverName ?? (isIP(host) ? undefined : host);
  return {
    ...pem,
    ...(name === undefined ? {} : { servername: name }),
    rejectUnauthorized: insecureSkipVerify !== true,
    minVersion: 'TLSv1.2' as const,
  };
}

function wordsOf(error: Error & { code?: string }): string {
  // A dial to several addresses of one name fails with an AggregateError that has an empty message.
  return error.message || error.code || error.name;
}
