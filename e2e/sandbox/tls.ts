import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { type Authority, createAuthority, type KeyPair } from './certificates';

/** The name in the servers' certificate besides 127.0.0.1; no DNS knows it. */
export const SERVER_NAME = 'rocketmq.test';

/** Of a sandbox whose servers speak TLS only. */
export interface SandboxTls {
  /** Whom clients have to trust. */
  authority: Authority;
  /** Mutual TLS: what clients have to show. */
  client: KeyPair | null;
  /** For the JVMs of the servers, which are clients of each other as well. */
  jvm: string[];
  /** For a Java client. */
  clientJvm: string[];
  /** For our own probes. */
  probe: ConnectionOptions;
}

export function enforceTls(scratch: string, isMutual: boolean): SandboxTls {
  const authority = createAuthority(path.join(scratch, 'tls'));
  const server = authority.issue('server', ['IP:127.0.0.1', `DNS:${SERVER_NAME}`]);
  const client = isMutual ? authority.issue('client', ['DNS:console']) : null;
  const ca = authority.cert;
  const clientJvm = [
    '-Dtls.enable=true',
    '-Dtls.test.mode.enable=false',
    `-Dtls.config.file=${path.join(scratch, 'tls', 'none.properties')}`,
    '-Dtls.client.authServer=true',
    `-Dtls.client.trustCertPath=${ca}`,
    ...(client ? [`-Dtls.client.certPath=${client.cert}`, `-Dtls.client.keyPath=${client.key}`] : []),
  ];
  const mutual = [
    '-Dtls.server.need.client.auth=require',
    '-Dtls.server.authClient=true',
    `-Dtls.server.trustCertPath=${ca}`,
  ];
  const certificate = [`-Dtls.server.certPath=${server.cert}`, `-Dtls.server.keyPath=${server.key}`];
  return {
    authority,
    client,
    jvm: [...clientJvm, '-Dtls.server.mode=enforcing', ...certificate, ...(isMutual ? mutual : [])],
    clientJvm,
    probe: {
      ca: readFileSync(ca),
      ...(client ? { cert: readFileSync(client.cert), key: readFileSync(client.key) } : {}),
    },
  };
}
