import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import type { TlsOptions } from './dial';
import { ConnectionPool } from './pool';
import { answerTo, listen, type Script } from './scripted-server.fixture';

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A self-signed pair made by openssl, or null where there is none. */
function selfSigned(altName: string): { cert: string; key: string } | null {
  const folder = mkdtempSync(join(tmpdir(), 'redrive-tls-'));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=broker', '-addext', `subjectAltName=${altName}`, '-days', '2'];
  try {
    execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } catch {
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const loopback = selfSigned('IP:127.0.0.1');
const elsewhere = selfSigned('DNS:elsewhere.test');

const soon = () => ({ deadlineAt: Date.now() + 3000 });
const outgoing = { code: 1, extFields: {}, body: Buffer.alloc(0) };
const echo: Script = (request, socket) => socket.write(answerTo(request, { body: Buffer.alloc(100_000) }));

async function serving(pair: { cert: string; key: string } | null, script = echo) {
  const server = await listen(script, pair ?? undefined);
  open.push(() => server.close());
  return server;
}

async function connect(pair: { cert: string; key: string } | null, tls: TlsOptions, script = echo) {
  const server = await serving(pair, script);
  const pool = new ConnectionPool({ tls, connectTimeoutMs: 500 });
  open.push(() => pool.close());
  return pool.get(server.address, soon());
}

describe.skipIf(!loopback || !elsewhere)('TLS', () => {
  it('speaks to a server whose certificate it was given', async () => {
    const connection = await connect(loopback, { ca: loopback?.cert ?? '' });
    expect((await connection.request(outgoing, soon())).body.length).toBe(100_000);
  });
  it('C42 refuses a self-signed certificate, and says so', async () => {
    await expect(connect(loopback, {})).rejects.toMatchObject({
      kind: 'CONNECT',
      reason: 'TLS_SELF_SIGNED',
      message: expect.stringMatching(/self-signed/),
    });
  });
  it('C42 refuses a certificate for another host, unless that name is the expected one', async () => {
    const ca = elsewhere?.cert ?? '';
    await expect(connect(elsewhere, { ca })).rejects.toMatchObject({
      kind: 'CONNECT',
      reason: 'TLS_WRONG_NAME',
      message: expect.stringMatching(/127\.0\.0\.1/),
    });
    expect((await connect(elsewhere, { ca, serverName: 'elsewhere.test' })).isUsable).toBe(true);
  });
  it('accepts anything when told not to verify', async () => {
    expect((await connect(elsewhere, { insecureSkipVerify: true })).isUsable).toBe(true);
  });
  it('C42 never falls back to plain text', async () => {
    await expect(connect(null, { insecureSkipVerify: true }, () => {})).rejects.toMatchObject({ kind: 'CONNECT' });
  });
  it('C42 says of a server that hangs up on a greeting that it speaks no TLS', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.destroy()));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    open.push(() => void server.close());
    const pool = new ConnectionPool({ tls: { insecureSkipVerify: true } });
    const { port } = server.address() as AddressInfo;
    await expect(pool.get(`127.0.0.1:${port}`, soon())).rejects.toMatchObject({
      kind: 'CONNECT',
      reason: 'TLS_NOT_SPOKEN',
    });
  });
  it('C42 says of a server that hangs up on plain text that it may speak TLS only', async () => {
    const { address } = await serving(loopback);
    const pool = new ConnectionPool({});
    open.push(() => pool.close());
    const connection = await pool.get(address, soon());
    await expect(connection.request(outgoing, soon())).rejects.toMatchObject({ kind: 'CLOSED', reason: 'HUNG_UP' });
  });
  it('shows nothing of its keys when printed', () => {
    const pool = new ConnectionPool({ tls: { key: 'canary-key' } });
    expect(inspect(pool, { showHidden: true, depth: 9 }) + JSON.stringify(pool)).not.toContain('canary-key');
  });
  it('rejects what waits when reset from this side', async () => {
    const connection = await connect(loopback, { ca: loopback?.cert ?? '' }, () => {});
    const lost = connection.request(outgoing, soon());
    connection.destroy();
    await expect(lost).rejects.toMatchObject({ kind: 'CLOSED', sent: true });
  });
});
