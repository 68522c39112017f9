import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import type { ClustersReply } from '@/lib/contract/clusters';
import { type FakeServer, startFake, startFakeNameServer } from './harness/fake-server';
import { type ManyClusters, startManyClusters } from './harness/many-clusters';
import { rssBytes } from './harness/rss';
import { encodeFrame } from './proxy/frame';
import { type Guard, startGuard } from './sandbox/guard';

const MIB = 1024 * 1024;

/** Length word and header word, then nothing. */
function words(length: number, header: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeInt32BE(length, 0);
  bytes.writeInt32BE(header, 4);
  return bytes;
}
const nested = Buffer.from(`{"code":0,"extFields":{"a":${'['.repeat(1e5)}`);

/** What a rogue broker sends in place of an answer. */
const FRAMES: Record<string, Buffer> = {
  'of-2-gib': words(0x7fff_ffff, 100),
  'of-0': words(0, 0),
  'of-minus-1': words(-1, 0),
  'of-16-mib-and-1': words(16 * MIB + 1, 100),
  'header-beyond-frame': words(20, 17),
  'nested-header': Buffer.concat([words(4 + nested.length, nested.length), nested]),
};

let guard: Guard;
let scratch: string;
let many: ManyClusters;
/** Nobody has any business there. */
let victim: FakeServer;
const fakes: FakeServer[] = [];

const kept = async (fake: Promise<FakeServer>): Promise<FakeServer> => {
  fakes.push(await fake);
  return fake;
};

test.beforeAll(async () => {
  guard = startGuard();
  scratch = mkdtempSync(path.join(tmpdir(), 'redrive-hostile-'));
  victim = await kept(startFake());
  const clusters: Record<string, object> = {};
  const routed = async (name: string, broker: string, more = {}) => {
    clusters[name] = { nameServers: [(await kept(startFakeNameServer(broker))).address], ...more };
  };
  await routed('metadata', '169.254.169.254:80');
  await routed('outside', victim.address, { allow: ['10.0.0.0/8'] });
  await routed('by-name', `localhost:${victim.port}`, { allow: ['*.mq.example'] });
  for (const [name, bytes] of Object.entries(FRAMES)) {
    const broker = await kept(startFake((_, socket) => void socket.write(bytes)));
    await routed(name, broker.address);
  }
  const mixed = await kept(
    startFake(({ opaque }, socket) => {
      const answer = (of: number) => encodeFrame({ code: 3, opaque: of, flag: 1, remark: `answer to ${of}` });
      socket.write(Buffer.concat([answer(opaque + 1_000_000), answer(opaque), answer(opaque)]));
    }),
  );
  await routed('confused', mixed.address);
  await routed('host-name', `localhost:${mixed.port}`);
  many = await startManyClusters({ name: 'hostile', port: 18_940, scratch, guard, clusters });
});

test.afterAll(async () => {
  await many?.console.kill();
  await Promise.all(fakes.map((fake) => fake.stop()));
  await guard?.close();
  rmSync(scratch, { recursive: true, force: true });
});

async function firstFailure(name: string) {
  const { items } = await many.on(name).get<ClustersReply>('/api/clusters');
  return items.find((cluster) => cluster.name === name)?.failures[0];
}

test('C07 an address that a NameServer makes up is told as blocked and not dialled', async () => {
  for (const [name, address] of [
    ['metadata', '169.254.169.254:80'],
    ['outside', victim.address],
    ['by-name', `localhost:${victim.port}`],
  ] as const) {
    await expect
      .poll(() => firstFailure(name), { message: name })
      .toMatchObject({ code: 'BLOCKED', params: { address } });
    const { status, body } = await many.on(name).ask(`/api/topics?cluster=${name}`);
    expect(status).toBe(503);
    expect(body.message).toContain(`${address} is blocked by the allow-list`);
    expect((await many.page(name, '/topics', 'zh-CN')).text).toContain(`${address} 被本控制台的允许列表阻止`);
  }
  expect(victim.accepted).toBe(0);
});

test('C06 a broker that is registered by a host name is asked by it', async () => {
  await expect.poll(() => firstFailure('host-name')).toMatchObject({ broker: 'broker-x', code: '3' });
});

test('C35 a frame of impossible size or nesting ends the connection with a typed error, and costs no memory', async () => {
  for (const name of Object.keys(FRAMES))
    await expect.poll(() => firstFailure(name), { message: name }).toMatchObject({ broker: 'broker-x', code: 'FRAME' });
  const before = rssBytes(many.console.pid);
  for (const name of Object.keys(FRAMES)) {
    const { text } = await many.on(name).ask(`/api/trace?cluster=${name}&id=7F0000010000000100000000000000FF`);
    expect(text, name).toContain('"code":"FRAME"');
  }
  expect(rssBytes(many.console.pid) - before).toBeLessThan(32 * MIB);
});

test('C37 answers to nobody, and second answers, are dropped: the right one counts', async () => {
  // Each request got its own answer, between one for nobody and one too many.
  await expect.poll(() => firstFailure('confused')).toMatchObject({ broker: 'broker-x', code: '3' });
  expect((await firstFailure('confused'))?.message).toMatch(/answered 3: answer to \d{1,5}$/);
  const { status } = await many.on('confused').ask('/api/clusters');
  expect(status).toBe(200);
});
