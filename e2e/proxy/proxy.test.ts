import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decodeFrame, encodeFrame, FrameSplitter, type WireFrame } from './frame';
import { startProxy, type WireProxy } from './proxy';

const SEND_MESSAGE_V2 = 310;
const GET_ROUTE = 105;

let server: Server;
let target: string;
let proxy: WireProxy;
let executed: number[];
const clients: Socket[] = [];

beforeEach(async () => {
  executed = [];
  server = createServer((socket) => {
    const splitter = new FrameSplitter();
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      for (const raw of splitter.push(chunk)) {
        const { code, opaque } = decodeFrame(raw);
        executed.push(code);
        socket.write(encodeFrame({ code: 0, opaque, flag: 1, body: Buffer.from(`answer to ${code}`) }));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  proxy = await startProxy([target]);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.stop();
  await new Promise((resolve) => server.close(resolve));
});

interface Client {
  send(code: number, opaque: number): void;
  /** Rejects when the connection goes first. */
  next(): Promise<WireFrame>;
  received: WireFrame[];
}

function open(): Client {
  const [host, port] = proxy.address(target).split(':');
  const socket = connect({ host, port: Number(port) });
  clients.push(socket);
  const splitter = new FrameSplitter();
  const received: WireFrame[] = [];
  let wake = () => {};
  let isClosed = false;
  let taken = 0;
  socket.on('error', () => {});
  socket.on('data', (chunk: Buffer) => {
    received.push(...splitter.push(chunk).map(decodeFrame));
    wake();
  });
  socket.on('close', () => {
    isClosed = true;
    wake();
  });
  return {
    received,
    send: (code, opaque) => void socket.write(encodeFrame({ code, opaque, fields: { topic: 'orders-paid' } })),
    async next() {
      for (;;) {
        const frame = received[taken];
        if (frame) {
          taken++;
          return frame;
        }
        if (isClosed) throw new Error('closed');
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe('proxy', () => {
  it('records both directions and names the request an answer belongs to', async () => {
    const client = open();
    client.send(GET_ROUTE, 7);
    expect((await client.next()).body.toString()).toBe('answer to 105');
    expect(proxy.frames).toMatchObject([
      { direction: 'request', target, code: GET_ROUTE, opaque: 7, fields: { topic: 'orders-paid' }, bodyBytes: 0 },
      { direction: 'response', target, code: 0, requestCode: GET_ROUTE, opaque: 7, bodyBytes: 13 },
    ]);
  });

  it('tells writes from reads', async () => {
    const client = open();
    client.send(GET_ROUTE, 1);
    await client.next();
    expect(proxy.writeFrames()).toEqual([]);
    client.send(SEND_MESSAGE_V2, 2);
    await client.next();
    expect(proxy.writeFrames().map(({ code }) => code)).toEqual([SEND_MESSAGE_V2]);
  });

  it('drops exactly the answer of a send that was executed', async () => {
    const rule = proxy.rule({ code: SEND_MESSAGE_V2 }, { do: 'dropResponse' });
    const client = open();
    client.send(SEND_MESSAGE_V2, 1);
    await rule.hit();
    client.send(GET_ROUTE, 2);
    expect((await client.next()).opaque).toBe(2);
    expect(executed).toEqual([SEND_MESSAGE_V2, GET_ROUTE]);
    expect(client.received).toHaveLength(1);
  });

  it('keeps a request from the server with a black hole, but not from the record', async () => {
    proxy.rule({ code: SEND_MESSAGE_V2 }, { do: 'blackhole' });
    const client = open();
    client.send(SEND_MESSAGE_V2, 1);
    client.send(GET_ROUTE, 2);
    expect((await client.next()).opaque).toBe(2);
    expect(executed).toEqual([GET_ROUTE]);
    expect(proxy.requests(SEND_MESSAGE_V2)).toHaveLength(1);
  });

  it('lets others overtake a held frame until it is released', async () => {
    const rule = proxy.rule({ code: SEND_MESSAGE_V2, direction: 'request' }, { do: 'hold' });
    const client = open();
    client.send(SEND_MESSAGE_V2, 1);
    client.send(GET_ROUTE, 2);
    expect((await client.next()).opaque).toBe(2);
    rule.release();
    expect((await client.next()).opaque).toBe(1);
    expect(executed).toEqual([GET_ROUTE, SEND_MESSAGE_V2]);
  });

  it('delivers a sliced frame whole', async () => {
    proxy.rule({ direction: 'response' }, { do: 'slice', bytes: 3 });
    const client = open();
    client.send(GET_ROUTE, 1);
    expect((await client.next()).body.toString()).toBe('answer to 105');
  });

  it.each([{ do: 'rst' }, { do: 'truncate', bytes: 10 }] as const)('ends the connection: $do', async (action) => {
    proxy.rule({ direction: 'response' }, action);
    const client = open();
    client.send(GET_ROUTE, 1);
    await expect(client.next()).rejects.toThrow('closed');
  });

  it('keeps the second half of a frame until it is released', async () => {
    const rule = proxy.rule({ code: SEND_MESSAGE_V2 }, { do: 'half' });
    const client = open();
    client.send(GET_ROUTE, 1);
    client.send(SEND_MESSAGE_V2, 2);
    client.send(GET_ROUTE, 3);
    expect((await client.next()).opaque).toBe(1);
    await rule.hit();
    expect(executed).toEqual([GET_ROUTE]);
    rule.release();
    await client.next();
    await client.next();
    expect(executed).toEqual([GET_ROUTE, SEND_MESSAGE_V2, GET_ROUTE]);
  });

  it('delivers a frame after its connection has gone', async () => {
    const rule = proxy.rule({ code: SEND_MESSAGE_V2 }, { do: 'deliverLate' });
    const first = open();
    first.send(SEND_MESSAGE_V2, 1);
    await rule.hit();
    clients[0]?.destroy();
    rule.release();
    const second = open();
    do {
      second.send(GET_ROUTE, 2);
      await second.next();
    } while (!executed.includes(SEND_MESSAGE_V2));
    expect(first.received).toEqual([]);
  });

  it('answers in place of the server', async () => {
    proxy.rule({ code: SEND_MESSAGE_V2 }, { do: 'answer', code: 2, remark: 'busy' });
    const client = open();
    client.send(SEND_MESSAGE_V2, 7);
    expect(await client.next()).toMatchObject({ code: 2, opaque: 7, remark: 'busy' });
    expect(executed).toEqual([]);
  });

  it('takes only so many frames as a rule says', async () => {
    proxy.rule({ code: GET_ROUTE, times: 1 }, { do: 'dropResponse' });
    const client = open();
    client.send(GET_ROUTE, 1);
    client.send(GET_ROUTE, 2);
    expect((await client.next()).opaque).toBe(2);
  });
});
