import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { expect, test } from '@playwright/test';
import type { ClustersReply } from '@/lib/contract/clusters';
import { type ManyClusters, startManyClusters } from './harness/many-clusters';
import { createAuthority, type KeyPair } from './sandbox/certificates';
import { type Sandbox, startSandbox } from './sandbox/sandbox';
import { type SandboxTls, SERVER_NAME } from './sandbox/tls';

const CLIENT_HELLO = 0x16;

let sandbox: Sandbox;
let many: ManyClusters;
/** First byte of whatever reached a server without TLS. */
const greetings: number[] = [];
const servers: Server[] = [];

async function listen(server: Server): Promise<string> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('close', () => sockets.clear());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What RocketMQ does without TLS: a ClientHello is no frame, so it hangs up. */
const plainServer = () =>
  createServer((socket) =>
    socket.once('data', (chunk: Buffer) => {
      greetings.push(chunk[0] ?? -1);
      socket.destroy();
    }),
  );
const tlsServer = ({ cert, key }: KeyPair) =>
  createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }).on('tlsClientError', () => {});

test.beforeAll(async () => {
  test.setTimeout(240_000);
  sandbox = await startSandbox({ topology: 'single', tls: 'mutual' });
  const { scratch, guard, nameServers } = sandbox;
  const { authority, client } = sandbox.tls as SandboxTls;
  const other = createAuthority(path.join(scratch, 'other'), 'other-ca');
  const expired = await listen(tlsServer(authority.issue('expired', ['IP:127.0.0.1'], -1)));
  const selfSigned = await listen(tlsServer(other));
  const plain = await listen(plainServer());
  const ours = { ca: authority.cert, ...client };
  const at = (address: string, tls?: object) => ({ nameServers: [address], ...(tls && { tls }) });
  const known = (tls?: object) => ({ nameServers, ...(tls && { tls }) });
  const clusters = {
    right: known(ours),
    // No name server of this machine knows the name; the certificate bears it.
    named: known({ ...ours, serverName: SERVER_NAME }),
    unverified: known({ ...client, insecureSkipVerify: true }),
    'wrong-name': known({ ...ours, serverName: 'elsewhere.test' }),
    untrusted: known({ ...client, ca: other.cert }),
    'no-client': known({ ca: authority.cert }),
    'plain-client': known(),
    'self-signed': at(selfSigned, ours),
    expired: at(expired, ours),
    'plain-server': at(plain, ours),
    'plain-server-unverified': at(plain, { insecureSkipVerify: true }),
  };
  many = await startManyClusters({ name: 'tls', port: 18_920, scratch, guard, clusters });
});

test.afterAll(async () => {
  await many?.console.kill();
  for (const server of servers) server.close();
  await sandbox?.stop();
});

async function clusterNamed(name: string) {
  const { items } = await many.on(name).get<ClustersReply>('/api/clusters');
  return items.find((cluster) => cluster.name === name);
}

test('TLS with an authority, a client certificate and a server name: the cluster is read', async () => {
  for (const cluster of ['right', 'named']) {
    await expect.poll(async () => (await clusterNamed(cluster))?.health, { message: cluster }).toBe('ok');
    expect((await many.page(cluster, '/topics')).text).not.toContain('without checking');
  }
});

const REFUSED = [
  ['self-signed', 'TLS_SELF_SIGNED', /is self-signed/, /自签名/],
  ['untrusted', 'TLS_UNTRUSTED', /authority that is not trusted here/, /不信任的机构/],
  ['wrong-name', 'TLS_WRONG_NAME', /is for another name/, /另一个名称/],
  ['expired', 'TLS_EXPIRED', /has expired/, /已过期/],
  ['plain-server', 'TLS_NOT_SPOKEN', /never falls back to plain text/, /从不退回明文/],
  ['plain-server-unverified', 'TLS_NOT_SPOKEN', /never falls back to plain text/, /从不退回明文/],
  ['no-client', 'TLS_CLIENT_REFUSED', /asks for a client certificate/, /客户端证书/],
  ['plain-client', 'HUNG_UP', /speaks TLS only/, /只接受 TLS/],
] as const;

for (const [cluster, cause, english, chinese] of REFUSED)
  test(`C42 TLS, ${cluster}: refused as ${cause}, with the next step`, async () => {
    await expect.poll(async () => (await clusterNamed(cluster))?.health).toBe('unreachable');
    expect((await clusterNamed(cluster))?.failures[0]).toMatchObject({ code: cause });
    const answer = await many.on(cluster).ask(`/api/topics?cluster=${cluster}`);
    expect(answer.status).toBe(503);
    expect(answer.body.message).toMatch(english);
    expect(answer.body.hint).toBeTruthy();
    expect((await many.page(cluster, '/')).text).toMatch(english);
    expect((await many.page(cluster, '/', 'zh-CN')).text).toMatch(chinese);
  });

test('C42 nothing but a TLS greeting ever reaches a server without TLS', () => {
  expect(greetings.length).toBeGreaterThan(0);
  expect(new Set(greetings)).toEqual(new Set([CLIENT_HELLO]));
});

test('C42 insecureSkipVerify works and says so on every page', async () => {
  await expect.poll(async () => (await clusterNamed('unverified'))?.health).toBe('ok');
  for (const address of ['/', '/topics', '/groups', '/dead-letters', '/retries', '/jobs', '/trace', '/offsets/reset']) {
    expect((await many.page('unverified', address)).text, address).toContain('TLS without checking who answers');
    expect((await many.page('unverified', address, 'zh-CN')).text, address).toContain('不核对对方身份');
  }
});
