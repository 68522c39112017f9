import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import type { AuditReply } from '@/lib/contract/audit';
import { freePort, startCommand } from './console';
import { expect, test } from './fixtures';
import { type Api, apiOf } from './harness/api';
import { type NewConsole, setupSecret, startNewConsole } from './harness/new-console';
import { type Authority, createAuthority, type KeyPair } from './sandbox/certificates';
import { type Guard, startGuard } from './sandbox/guard';
import { ROOT } from './sandbox/paths';

/** The console with a certificate of its own. */
const PASSWORD = 'a long enough password';
const NAME = 'redrive.test';
const folder = mkdtempSync(path.join(tmpdir(), 'redrive-https-'));
const pair: KeyPair = { cert: path.join(folder, 'console.pem'), key: path.join(folder, 'console.key') };
let authority: Authority;
let guard: Guard;
let fresh: NewConsole;
let api: Api;
let port: number;

/** As whoever renews certificates would. */
function install({ cert, key }: KeyPair): void {
  copyFileSync(key, pair.key);
  copyFileSync(cert, pair.cert);
}
const handshake = (options: { minVersion?: SecureVersion; maxVersion?: SecureVersion } = {}): Promise<TLSSocket> =>
  new Promise((resolve, reject) => {
    const lenient = options.maxVersion ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {};
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false, ...lenient, ...options }, () => {
      resolve(socket);
      socket.end();
    });
    socket.once('error', reject);
  });

test.beforeAll(async ({ cluster }) => {
  test.setTimeout(300_000);
  authority = createAuthority(folder);
  install(authority.issue('first', [`DNS:${NAME}`, 'IP:127.0.0.1']));
  chmodSync(pair.key, 0o644);
  guard = startGuard();
  port = await freePort(18_900 + (process.pid % 50));
  fresh = await startNewConsole(cluster, guard, 'https', {
    port,
    env: {
      REDRIVE_HTTPS_CERT: pair.cert,
      REDRIVE_HTTPS_KEY: pair.key,
      // Others may reach it: no proxy is in front, and none is believed.
      HOST: '0.0.0.0',
      REDRIVE_ORIGIN: `https://${NAME}:${port}`,
    },
  });
  api = apiOf(() => fresh.url);
});
test.afterAll(async () => {
  await fresh?.kill();
  await guard?.close();
});

test('C22 C44 people sign in over TLS by name, and the audit trail knows where from, whatever they claim', async ({
  browser,
}) => {
  expect(fresh.url).toMatch(/^https:/);
  const link = readFileSync(path.join(fresh.dataDir, 'setup-link.txt'), 'utf8');
  expect(link).toContain(`https://${NAME}:${port}/setup#`);
  expect(setupSecret(fresh.dataDir)).toBeTruthy();
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-US' });
  const page = await context.newPage();
  await page.goto(`${fresh.url}/setup${link.trim().slice(link.indexOf('#'))}`);
  await page.getByLabel('User name').fill('ann');
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.locator('.who')).toContainText('ann');
  await context.close();

  const forged = { 'x-forwarded-for': '10.9.9.9', 'x-redrive-peer': '10.9.9.9', 'x-real-ip': '10.9.9.9' };
  const entered = await api.ask('/api/sign-in', {
    method: 'POST',
    isAnonymous: true,
    headers: {
      'content-type': 'application/json',
      host: `${NAME}:${port}`,
      origin: `https://${NAME}:${port}`,
      ...forged,
    },
    body: JSON.stringify({ name: 'ann', password: PASSWORD }),
  });
  expect(entered.status, entered.text).toBe(200);
  const set = [entered.headers['set-cookie']].flat()[0] ?? '';
  expect(set).toMatch(/^__Host-redrive=[\w-]{43}; .*; Secure; HttpOnly; SameSite=Strict$/);
  expect(entered.headers['strict-transport-security']).toBe('max-age=31536000');
  const named = { cookie: set.split(';')[0] ?? '', host: `${NAME}:${port}` };
  for (const address of ['/api/me', '/groups', '/no-such-page', '/icon.svg'])
    expect((await api.ask(address, { headers: named })).headers['strict-transport-security'], address).toBeTruthy();
  expect((await api.ask('/api/me')).headers['strict-transport-security']).toBeUndefined();
  const { items } = (await api.ask<AuditReply>('/api/audit?last=all&action=session.sign-in', { headers: named })).body;
  expect(items.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
  // A page of the plain address is another site.
  const plain = { ...named, origin: `http://${NAME}:${port}`, 'content-type': 'application/json' };
  expect((await api.ask('/api/sign-out', { method: 'POST', headers: plain, body: '{}' })).status).toBe(403);
});

test('nothing older than TLS 1.2 is spoken, nor anything in clear', async () => {
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    expect((await handshake({ minVersion: version, maxVersion: version })).getProtocol()).toBe(version);
  await expect(handshake({ minVersion: 'TLSv1', maxVersion: 'TLSv1.1' })).rejects.toThrow();
  const inClear = new Promise((resolve, reject) =>
    request({ host: '127.0.0.1', port, path: '/healthz' }, resolve).once('error', reject).end(),
  );
  await expect(inClear).rejects.toThrow();
});

test('a renewed certificate is used without a restart; one that does not fit its key leaves the old in place', async () => {
  const serial = async () => (await handshake()).getPeerCertificate().serialNumber;
  const numberOf = ({ cert }: KeyPair) => new X509Certificate(readFileSync(cert)).serialNumber;
  const said = () => readFileSync(fresh.logFile, 'utf8');
  expect(said()).toMatch(/REDRIVE_HTTPS_KEY: \S+console\.key holds a secret and may be read by every account/);
  const first = await serial();
  const second = authority.issue('second', [`DNS:${NAME}`]);
  copyFileSync(second.cert, pair.cert);
  await expect.poll(said).toContain('the certificate in use goes on: REDRIVE_HTTPS_CERT and REDRIVE_HTTPS_KEY cannot');
  expect(await serial()).toBe(first);
  install(second);
  await expect.poll(serial).toBe(numberOf(second));
});

test.describe('does not start', () => {
  const start = (env: Record<string, string>, words = startCommand().words) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      cwd: ROOT,
      encoding: 'utf8',
      timeout: 60_000,
      env: {
        ...process.env,
        ...startCommand().env,
        NAMESRV_ADDR: '127.0.0.1:9',
        REDRIVE_DATA_DIR: path.join(folder, 'data'),
        PORT: String(port + 1),
        ...env,
      },
    });
    return { status, text: stdout + stderr };
  };
  const both = { REDRIVE_HTTPS_CERT: pair.cert, REDRIVE_HTTPS_KEY: pair.key };
  const missing = path.join(folder, 'missing.key');
  const garbage = path.join(folder, 'garbage.key');
  writeFileSync(garbage, 'canary, not a key');

  test.beforeAll(() => install(authority.issue('last', [`DNS:${NAME}`])));
  for (const [what, env, sentence] of [
    ['without the key', { REDRIVE_HTTPS_CERT: pair.cert }, /REDRIVE_HTTPS_KEY is missing/],
    ['with a key that is not there', { ...both, REDRIVE_HTTPS_KEY: missing }, /REDRIVE_HTTPS_KEY: .* cannot be read/],
    ['with a key that is none', { ...both, REDRIVE_HTTPS_KEY: garbage }, /cannot be used together/],
    ['under a plain address', { ...both, REDRIVE_ORIGIN: 'http://redrive.test' }, /REDRIVE_ORIGIN begins with http:/],
  ] as const)
    test(what, () => {
      const { status, text } = start(env);
      expect(text).toMatch(sentence);
      expect(text).not.toContain('canary');
      expect(status).toBe(1);
    });

  test('without the launcher, which would leave it in clear', () => {
    const env = { ...both, HOSTNAME: '127.0.0.1', NODE_ENV: 'production' };
    const { status, text } = start(env, [path.join(ROOT, '.next/standalone/server.js')]);
    expect(text).toContain('this server speaks plain HTTP. Start it with npm start');
    expect(status).toBe(1);
  });
});
