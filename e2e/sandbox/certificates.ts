import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

/** PEM files; the key is unencrypted PKCS#8, which is what RocketMQ reads. */
export interface KeyPair {
  cert: string;
  key: string;
}

export interface Authority extends KeyPair {
  /** A certificate of this authority for these names, such as `DNS:rocketmq.test` or `IP:127.0.0.1`; `days` below zero lie in the past. */
  issue(name: string, altNames: readonly string[], days?: number): KeyPair;
}

const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** A certificate authority of a sandbox, made by openssl in the folder and good for two days. */
export function createAuthority(folder: string, name = 'sandbox-ca'): Authority {
  mkdirSync(folder, { recursive: true });
  const file = (of: string, kind: string) => path.join(folder, `${of}.${kind}`);
  const [cert, key] = [file(name, 'pem'), file(name, 'key')];
  openssl('req', '-x509', ...NEW_KEY, '-keyout', key, '-out', cert, '-subj', `/CN=${name}`, '-days', '2');
  return {
    cert,
    key,
    issue(of, altNames, days = 2) {
      const pair = { cert: file(of, 'pem'), key: file(of, 'key') };
      const request = file(of, 'csr');
      const names = ['-addext', `subjectAltName=${altNames.join(',')}`];
      openssl('req', ...NEW_KEY, '-keyout', pair.key, '-out', request, '-subj', `/CN=${of}`, ...names);
      const signed = ['-CA', cert, '-CAkey', key, '-copy_extensions', 'copy', '-days', String(days)];
      openssl('x509', '-req', '-in', request, ...signed, '-out', pair.cert);
      return pair;
    },
  };
}

function openssl(...args: string[]): void {
  try {
    execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  } catch (error) {
    throw new Error(
      `openssl 3, which makes the certificates of a sandbox with TLS, failed: ${(error as Error).message}`,
    );
  }
}
