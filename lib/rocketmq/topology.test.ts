import { afterEach, describe, expect, it } from 'vitest';
import { clientOf, closeAll, nameServer, serve } from './cluster.fixture';

afterEach(closeAll);

const soon = (ms = 3000) => ({ deadlineAt: Date.now() + ms });

describe('topology', () => {
  it('is the union over all NameServers and names the brokers they disagree on', async () => {
    const one = await nameServer(() => ({ a: { 0: '10.0.0.1:1', 1: '10.0.0.2:1' }, b: { 0: '10.0.0.3:1' } }));
    const two = await nameServer(() => ({ a: { 1: '10.0.0.2:1', 0: '10.0.0.1:1' }, c: { 1: '10.0.0.4:1' } }));
    const client = clientOf({ nameServers: [one.address, two.address] });
    const topology = await client.topology.get(soon());
    expect(topology).toMatchObject({ failures: [], isStale: false, disagreements: ['b', 'c'] });
    expect(topology.brokers.map(({ name, masterAddress }) => [name, masterAddress])).toEqual([
      ['a', '10.0.0.1:1'],
      ['b', '10.0.0.3:1'],
      ['c', null],
    ]);
    expect([...(topology.brokers[0]?.addresses ?? [])]).toEqual([
      [0, '10.0.0.1:1'],
      [1, '10.0.0.2:1'],
    ]);
  });
  it('asks once for callers at the same time, and again only after the TTL or on demand', async () => {
    const server = await nameServer(() => ({ a: { 0: '10.0.0.1:1' } }));
    const client = clientOf({ nameServers: [server.address] });
    await Promise.all([client.topology.get(soon()), client.topology.get(soon()), client.topology.masters(soon())]);
    await client.topology.get(soon());
    expect(server.requests).toHaveLength(1);
    await client.topology.get({ ...soon(), fresh: true });
    expect(server.requests).toHaveLength(2);
  });
  it('waits shortly for a hanging NameServer, the next time not at all, and names it', async () => {
    const good = await nameServer(() => ({ a: { 0: '10.0.0.1:1' } }));
    const hung = await serve(() => {});
    const client = clientOf({ nameServers: [hung.address, good.address] });
    const startedAt = Date.now();
    const first = await client.topology.get(soon());
    expect(first.brokers).toHaveLength(1);
    expect(first.failures).toMatchObject([{ nameServer: hung.address, code: 'TIMEOUT' }]);
    expect(Date.now() - startedAt).toBeLessThan(1500);
    const againAt = Date.now();
    const second = await client.topology.get({ ...soon(), fresh: true });
    expect(second.failures).toHaveLength(1);
    expect(Date.now() - againAt).toBeLessThan(450);
  });
  it('keeps the picture from before, marked stale, when nobody answers any more', async () => {
    const server = await nameServer(() => ({ a: { 0: '10.0.0.1:1' } }));
    const client = clientOf({ nameServers: [server.address] });
    const { asOf } = await client.topology.get(soon());
    await server.close();
    const later = await client.topology.get({ ...soon(), fresh: true });
    expect(later).toMatchObject({ asOf, isStale: true, failures: [{ nameServer: server.address, code: 'CONNECT' }] });
    expect(later.brokers).toHaveLength(1);
  });
  it('rejects while nothing has ever been learnt', async () => {
    const server = await serve(() => {});
    await server.close();
    const client = clientOf({ nameServers: [server.address] });
    await expect(client.topology.get(soon())).rejects.toMatchObject({ kind: 'CONNECT' });
    const hung = clientOf({ nameServers: [(await serve(() => {})).address] });
    await expect(hung.topology.get(soon(100))).rejects.toMatchObject({ kind: 'TIMEOUT' });
  });
});
