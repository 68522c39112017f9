import { afterEach, describe, expect, it } from 'vitest';
import { ConnectionPool, type PoolOptions } from './pool';
import { answerTo, listen, type ScriptedServer } from './scripted-server.fixture';

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function serve(script: Parameters<typeof listen>[0]): Promise<ScriptedServer> {
  const server = await listen(script);
  open.push(() => server.close());
  return server;
}

function poolOf(options: PoolOptions = {}): ConnectionPool {
  const pool = new ConnectionPool(options);
  open.push(() => pool.close());
  return pool;
}

const soon = (ms = 3000) => ({ deadlineAt: Date.now() + ms });
const outgoing = { code: 1, extFields: {}, body: Buffer.alloc(0) };

describe('pool', () => {
  it('dials once however many ask at the same time', async () => {
    const server = await serve((request, socket) => socket.write(answerTo(request)));
    const pool = poolOf();
    const connections = await Promise.all(Array.from({ length: 20 }, () => pool.get(server.address, soon())));
    await connections[0]?.request(outgoing, soon());
    expect(new Set(connections).size).toBe(1);
    expect(server.connections).toHaveLength(1);
  });
  it('opens a new connection after the server closed the old one', async () => {
    const server = await serve((_, socket) => socket.end());
    const pool = poolOf();
    const first = await pool.get(server.address, soon());
    await expect(first.request(outgoing, soon())).rejects.toMatchObject({ kind: 'CLOSED' });
    const second = await pool.get(server.address, soon());
    expect(second).not.toBe(first);
    expect(second.isUsable).toBe(true);
  });
  it('gives a lane a socket of its own, and closes it with the pool', async () => {
    const server = await serve((request, socket) => socket.write(answerTo(request)));
    const pool = poolOf();
    const lane = await pool.open(server.address, soon());
    expect(await pool.get(server.address, soon())).not.toBe(lane);
    pool.close();
    expect(lane.isUsable).toBe(false);
    await expect(pool.get(server.address, soon())).rejects.toMatchObject({ kind: 'CLOSED', sent: false });
  });
  it('says CONNECT for a closed port, an impossible address and a TLS server that is none', async () => {
    const server = await serve(() => {});
    await server.close();
    await expect(poolOf().get(server.address, soon())).rejects.toMatchObject({ kind: 'CONNECT', sent: false });
    await expect(poolOf().get('no-port', soon())).rejects.toMatchObject({ kind: 'CONNECT' });
    const plain = await serve((_, socket) => socket.destroy());
    const secure = poolOf({ tls: {}, connectTimeoutMs: 300 });
    await expect(secure.get(plain.address, soon())).rejects.toMatchObject({ kind: 'CONNECT', sent: false });
  });
  it('leaves a caller at its own deadline or cancellation while others still wait for the dial', async () => {
    const silent = await serve(() => {});
    const pool = poolOf({ tls: {}, connectTimeoutMs: 400 });
    const patient = pool.get(silent.address, soon());
    const cancel = new AbortController();
    const cancelled = pool.get(silent.address, { ...soon(), signal: cancel.signal });
    cancel.abort();
    await expect(cancelled).rejects.toMatchObject({ kind: 'ABORTED', sent: false });
    await expect(pool.get(silent.address, soon(50))).rejects.toMatchObject({ kind: 'TIMEOUT', sent: false });
    await expect(patient).rejects.toMatchObject({ kind: 'CONNECT', message: expect.stringContaining('400 ms') });
    expect(silent.connections).toHaveLength(1);
  });
});
