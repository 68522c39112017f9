import { afterEach, describe, expect, it, vi } from 'vitest';
import { answerTo, type Script } from '../remoting/scripted-server.fixture';
import type { ClientOptions } from './client';
import { clientOf, closeAll, nameServer, serve } from './cluster.fixture';
import { defineRequest } from './define-request';
import { KNOWN_REQUESTS, NEVER_SENT } from './known-requests';
// biome-ignore lint/style/noRestrictedImports: a test stands in for mutation().
import { mintWriteCapability, type WriteCapability } from './write-capability';

afterEach(closeAll);

const READ = defineRequest<string, string, 'READ'>({
  name: 'GET_TOPIC_STATS_INFO',
  code: 202,
  access: 'READ',
  encode: (topic) => ({ fields: { topic, absent: undefined, flag: true, big: 2n ** 62n } }),
  decode: (reply) => reply.body.toString(),
});
const WRITE = defineRequest<string, string, 'WRITE'>({ ...READ, name: 'SEND_MESSAGE_V2', code: 310, access: 'WRITE' });

const soon = (ms = 3000) => ({ deadlineAt: Date.now() + ms });
const echo: Script = (request, socket) =>
  socket.write(answerTo(request, { body: Buffer.from(`${request.extFields.topic}`) }));

async function cluster(script: Script, options: Partial<ClientOptions> = {}) {
  const broker = await serve(script);
  const server = await nameServer(() => ({ a: { 0: broker.address } }));
  return { broker, server, client: clientOf({ nameServers: [server.address], ...options }) };
}

describe('call', () => {
  it('finds the broker by name, sends text fields and tells the version', async () => {
    const { broker, client } = await cluster(echo);
    const onServed = vi.fn();
    expect(await client.call(READ, 'T', { broker: 'a', onServed, ...soon() })).toBe('T');
    expect(broker.requests[0]).toMatchObject({
      code: 202,
      language: 'OTHER',
      version: 479,
      extFields: { topic: 'T', flag: 'true', big: '4611686018427387904' },
    });
    expect(client.versionOf('a')).toBe(513);
    expect(onServed).toHaveBeenCalledWith({ broker: 'a', brokerId: 0, address: broker.address, version: 513 });
  });
  it('turns any code the request does not accept into a RocketMQError', async () => {
    const { broker, client } = await cluster((request, socket) =>
      socket.write(answerTo(request, { code: 17, remark: 'no such topic\n\tat java' })),
    );
    await expect(client.call(READ, 'T', { broker: 'a', ...soon() })).rejects.toMatchObject({
      name: 'RocketMQError',
      code: 17,
      request: 'GET_TOPIC_STATS_INFO',
      address: broker.address,
    });
  });
  it('adds what the signer returns for the exact fields and body', async () => {
    const signer = vi.fn(() => ({ Signature: 'S' }));
    const { broker, client } = await cluster(echo, { signer });
    await client.call(READ, 'T', { broker: 'a', ...soon() });
    expect(signer).toHaveBeenLastCalledWith({ topic: 'T', flag: 'true', big: '4611686018427387904' }, Buffer.alloc(0));
    expect(broker.requests[0]?.extFields).toMatchObject({ topic: 'T', Signature: 'S' });
  });
  it('reads from the slave with the smallest id when there is no master, and writes nothing there', async () => {
    const slave = await serve(echo);
    const server = await nameServer(() => ({ a: { 3: '127.0.0.1:1', 2: slave.address } }));
    const client = clientOf({ nameServers: [server.address] });
    expect(await client.call(READ, 'T', { broker: 'a', ...soon() })).toBe('T');
    const capability = mintWriteCapability('op', 'me', 'test');
    const write = client.call(WRITE, 'T', { broker: 'a', capability, ...soon() });
    await expect(write).rejects.toMatchObject({ kind: 'CONNECT', sent: false });
    const toSlave = client.call(WRITE, 'T', { broker: 'a', brokerId: 2, capability, ...soon() });
    await expect(toSlave).rejects.toThrow('brokerId 0');
    expect(slave.requests).toHaveLength(1);
    expect((await client.topology.masters(soon())).failures).toEqual([{ broker: 'a', code: 'NO_MASTER' }]);
  });
  it('finds a broker that registered after the topology was read', async () => {
    const broker = await serve(echo);
    const listing: Record<string, Record<string, string>> = {};
    const server = await nameServer(() => listing);
    const client = clientOf({ nameServers: [server.address] });
    await expect(client.call(READ, 'T', { broker: 'late', ...soon() })).rejects.toMatchObject({ kind: 'CONNECT' });
    listing.late = { 0: broker.address };
    vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 1500);
    try {
      expect(await client.call(READ, 'T', { broker: 'late', ...soon(10_000) })).toBe('T');
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('retry', () => {
  it('tries a read once more on a fresh socket after a reset in the middle of the answer', async () => {
    let attempts = 0;
    const { broker, client } = await cluster((request, socket) => {
      attempts += 1;
      if (attempts === 1) socket.write(answerTo(request).subarray(0, 9), () => socket.resetAndDestroy());
      else echo(request, socket);
    });
    expect(await client.call(READ, 'T', { broker: 'a', ...soon() })).toBe('T');
    expect(broker.connections).toHaveLength(2);
  });
  it('tries a read once only', async () => {
    const { broker, client } = await cluster((_, socket) => socket.resetAndDestroy());
    await expect(client.call(READ, 'T', { broker: 'a', ...soon() })).rejects.toMatchObject({ kind: 'CLOSED' });
    expect(broker.requests).toHaveLength(2);
  });
  it('goes to a fresh socket after GO_AWAY', async () => {
    const { broker, client } = await cluster((request, socket) => {
      if (broker.requests.length === 1) socket.write(answerTo(request, { code: 1500 }));
      else echo(request, socket);
    });
    expect(await client.call(READ, 'T', { broker: 'a', ...soon() })).toBe('T');
    expect(broker.connections).toHaveLength(2);
  });
  it.each([
    ['a reset', (_: unknown, socket: { resetAndDestroy(): unknown }) => socket.resetAndDestroy(), { sent: true }],
    ['GO_AWAY', (request: never, socket: never) => goAway(request, socket), { code: 1500 }],
  ])('never repeats a write after %s', async (_, script, error) => {
    const { broker, client } = await cluster(script as Script);
    const capability = mintWriteCapability('op', 'me', 'test');
    await expect(client.call(WRITE, 'T', { broker: 'a', capability, ...soon() })).rejects.toMatchObject(error);
    expect(broker.requests).toHaveLength(1);
  });
  it('answers with a TIMEOUT at the deadline when the broker hangs', async () => {
    const { client } = await cluster(() => {});
    const startedAt = Date.now();
    const calls = Array.from({ length: 30 }, () =>
      client.call(READ, 'T', { broker: 'a', deadlineAt: startedAt + 300 }),
    );
    const ends = await Promise.allSettled(calls);
    expect(Date.now() - startedAt).toBeLessThan(2000);
    expect(ends.every((end) => end.status === 'rejected' && end.reason.kind === 'TIMEOUT')).toBe(true);
  });
});

const goAway: Script = (request, socket) => socket.write(answerTo(request, { code: 1500 }));

describe('firewall', () => {
  const forge = (access: 'READ' | 'WRITE', code: number) => ({ ...READ, code, access, name: 'FORGED' });
  const capability = mintWriteCapability('op', 'me', 'test');

  async function refusal(
    request: Parameters<typeof KNOWN_REQUESTS.get>[0] | ReturnType<typeof forge>,
    leave: WriteCapability | undefined,
    options: Partial<ClientOptions> = {},
  ) {
    const { broker, server, client } = await cluster(echo, options);
    const forged = typeof request === 'number' ? forge('READ', request) : request;
    const refused: unknown[] = [];
    const note = (error: unknown) => refused.push(error);
    await client.call(forged, 'T', { broker: 'a', capability: leave, ...soon() }).catch(note);
    await client.callNameServer(forged, 'T', { address: server.address, capability: leave, ...soon() }).catch(note);
    await client.callNameServer(forged, 'T', { capability: leave, ...soon() }).catch(note);
    expect(refused).toHaveLength(3);
    const bytes = [...broker.connections, ...server.connections].reduce((sum, each) => sum + each.receivedBytes, 0);
    expect(bytes).toBe(0);
    return refused.map((error) => (error as { reason?: string }).reason);
  }
  const thrice = (reason: string) => [reason, reason, reason];

  it.each([...NEVER_SENT.keys()])('never sends %i, with or without a capability', async (code) => {
    expect(await refusal(forge('READ', code), undefined)).toEqual(thrice('NEVER_SENT'));
    expect(await refusal(forge('WRITE', code), capability)).toEqual(thrice('NEVER_SENT'));
  });
  it.each([36, 34, 308, 352, 10, 320, 99_999])('refuses %i, which is in no table', async (code) => {
    expect(await refusal(forge('WRITE', code), capability)).toEqual(thrice('UNKNOWN_CODE'));
  });
  it('refuses a write that calls itself a read', async () => {
    expect(await refusal(forge('READ', 310), capability)).toEqual(thrice('WRONG_ACCESS'));
  });
  it('refuses a write without a capability, with a look-alike, and with one of another cluster', async () => {
    expect(await refusal(forge('WRITE', 310), undefined)).toEqual(thrice('NO_CAPABILITY'));
    const lookAlike = { ...capability } as WriteCapability;
    expect(await refusal(forge('WRITE', 310), lookAlike)).toEqual(thrice('NO_CAPABILITY'));
    const other = mintWriteCapability('op', 'me', 'other');
    expect(await refusal(forge('WRITE', 310), other)).toEqual(thrice('NO_CAPABILITY'));
  });
  it('C24 refuses every write on a read-only cluster, whoever asks', async () => {
    for (const [code, { access }] of KNOWN_REQUESTS) {
      if (access === 'WRITE')
        expect(await refusal(forge('WRITE', code), capability, { readOnly: true })).toEqual(thrice('READ_ONLY'));
    }
  });
  it('pulls with the browse group only, and commits nothing', async () => {
    const { broker, client } = await cluster(echo);
    const pull = (fields: Record<string, string | number>) =>
      client.call({ ...READ, code: 11, encode: () => ({ fields }) }, '', { broker: 'a', ...soon() });
    await expect(pull({ consumerGroup: 'orders' })).rejects.toMatchObject({ reason: 'BROWSE_GROUP' });
    await expect(pull({ consumerGroup: 'TOOLS_CONSUMER', sysFlag: 5 })).rejects.toMatchObject({
      reason: 'BROWSE_GROUP',
    });
    expect(broker.requests).toHaveLength(0);
    await pull({ consumerGroup: 'TOOLS_CONSUMER', sysFlag: 4 });
    expect(broker.requests).toHaveLength(1);
  });
  it('keeps the two tables apart', () => {
    for (const code of NEVER_SENT.keys()) expect(KNOWN_REQUESTS.has(code)).toBe(false);
  });
});

describe('lane', () => {
  it('writes over a socket of its own, through the firewall, until it is closed', async () => {
    const { broker, client } = await cluster(echo);
    await client.call(READ, 'T', { broker: 'a', ...soon() });
    const lane = await client.openLane('a', soon());
    const capability = mintWriteCapability('op', 'me', 'test');
    expect(await client.call(WRITE, 'T', { broker: 'a', lane, capability, ...soon() })).toBe('T');
    await expect(client.call(WRITE, 'T', { broker: 'a', lane, ...soon() })).rejects.toMatchObject({
      reason: 'NO_CAPABILITY',
    });
    expect(broker.connections).toHaveLength(2);
    expect(lane.isOpen).toBe(true);
    lane.close();
    expect(lane.isOpen).toBe(false);
    const closed = client.call(WRITE, 'T', { broker: 'a', lane, capability, ...soon() });
    await expect(closed).rejects.toMatchObject({ kind: 'CLOSED', sent: false });
  });
  it('serves its own broker only', async () => {
    const { client } = await cluster(echo);
    const lane = await client.openLane('a', soon());
    await expect(client.call(READ, 'T', { broker: 'b', lane, ...soon() })).rejects.toThrow('does not lead to b');
  });
});

describe('dialling', () => {
  it('C07 dials no address that policy blocks, and lists it', async () => {
    const victim = await serve(echo);
    const server = await nameServer(() => ({ a: { 0: victim.address }, m: { 0: '169.254.169.254:80' } }));
    const client = clientOf({ nameServers: [server.address], allow: ['10.0.0.0/8'] });
    for (const broker of ['a', 'm']) {
      const call = client.call(READ, 'T', { broker, ...soon() });
      await expect(call).rejects.toMatchObject({
        kind: 'CONNECT',
        message: expect.stringMatching(/blocked by policy/),
      });
    }
    expect(victim.connections).toHaveLength(0);
    const { brokers } = await client.topology.get(soon());
    expect(brokers.map(({ blockedAddresses }) => blockedAddresses)).toEqual([[victim.address], ['169.254.169.254:80']]);
  });
  it('dials through the address map, whose targets need no allowance', async () => {
    const broker = await serve(echo);
    const server = await nameServer(() => ({ a: { 0: '10.9.9.9:10911' } }));
    const addressMap = { '10.9.9.9:10911': broker.address, 'ns.example:9876': server.address };
    const client = clientOf({ nameServers: ['ns.example:9876'], addressMap, allow: ['192.168.0.0/16'] });
    expect(await client.call(READ, 'T', { broker: 'a', ...soon() })).toBe('T');
    expect((await client.topology.get(soon())).brokers[0]).toMatchObject({
      masterAddress: '10.9.9.9:10911',
      blockedAddresses: [],
    });
  });
  it('asks no NameServer that is not configured', async () => {
    const { broker, client } = await cluster(echo);
    const call = client.callNameServer(READ, 'T', { address: broker.address, ...soon() });
    await expect(call).rejects.toMatchObject({ kind: 'CONNECT' });
    expect(broker.connections).toHaveLength(0);
  });
});

describe('NameServers', () => {
  const ROUTE = { ...READ, name: 'GET_ROUTEINFO_BY_TOPIC', code: 105 };
  const code =
    (value: number): Script =>
    (request, socket) =>
      socket.write(answerTo(request, { code: value }));

  it('answers from the other one when the first hangs, is down or knows nothing', async () => {
    const down = await serve(() => {});
    await down.close();
    const good = await serve(echo);
    for (const bad of [await serve(() => {}), down, await serve(code(17))]) {
      const client = clientOf({ nameServers: [bad.address, good.address] });
      const startedAt = Date.now();
      expect(await client.callNameServer(ROUTE, 'T', soon())).toBe('T');
      expect(Date.now() - startedAt).toBeLessThan(1500);
    }
  });
  it('prefers an answer over a failure to reach another', async () => {
    const [silent, unknowing] = [await serve(() => {}), await serve(code(17))];
    const client = clientOf({ nameServers: [silent.address, unknowing.address] });
    const startedAt = Date.now();
    await expect(client.callNameServer(ROUTE, 'T', soon())).rejects.toMatchObject({ code: 17 });
    expect(Date.now() - startedAt).toBeLessThan(1500);
  });
  it('wants an address for a write', async () => {
    const { server, client } = await cluster(echo);
    const capability = mintWriteCapability('op', 'me', 'test');
    const call = client.callNameServer({ ...WRITE, code: 216 }, 'T', { capability, ...soon() });
    await expect(call).rejects.toThrow('needs the address');
    expect(server.requests).toHaveLength(0);
  });
});
