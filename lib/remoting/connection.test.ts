import { setImmediate as tick } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { Connection, type ConnectionOptions } from './connection';
import { dial } from './dial';
import { answerTo, listen, type Script, type ScriptedServer } from './scripted-server.fixture';

const open: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

async function connectTo(script: Script, options: ConnectionOptions = {}) {
  const server = await listen(script);
  open.push(() => server.close());
  return { server, connection: await connect(server, options) };
}

async function connect(server: ScriptedServer, options: ConnectionOptions = {}) {
  const socket = await dial(server.address, { timeoutMs: 2000 });
  const connection = new Connection(server.address, socket, options);
  open.push(() => connection.close());
  return connection;
}

const outgoing = (code: number) => ({ code, extFields: {}, body: Buffer.alloc(0) });
const soon = (ms = 3000) => ({ deadlineAt: Date.now() + ms });
const echo: Script = (request, socket) => socket.write(answerTo(request, { remark: `to ${request.code}` }));

async function until(condition: () => boolean) {
  while (!condition()) await tick();
}

describe('matching', () => {
  it('C37 answers pipelined requests each with its own answer, in reverse order', async () => {
    const frames: Buffer[] = [];
    const { connection } = await connectTo((request, socket) => {
      frames.push(answerTo(request, { remark: `to ${request.code}` }));
      if (frames.length === 10) for (const frame of frames.reverse()) socket.write(frame);
    });
    const codes = Array.from({ length: 10 }, (_, index) => index + 100);
    const replies = await Promise.all(codes.map((code) => connection.request(outgoing(code), soon())));
    expect(replies.map(({ remark }) => remark)).toEqual(codes.map((code) => `to ${code}`));
  });
  it('C37 drops and counts an answer that comes twice, and one nobody asked for', async () => {
    const { connection } = await connectTo((request, socket) => {
      const answer = answerTo(request, { remark: `to ${request.code}` });
      socket.write(Buffer.concat([answerTo(request, { opaque: 4711 }), answer, answer]));
    });
    expect((await connection.request(outgoing(1), soon())).remark).toBe('to 1');
    expect((await connection.request(outgoing(2), soon())).remark).toBe('to 2');
    expect(connection.droppedAnswers).toBeGreaterThanOrEqual(3);
  });
  it('drops an answer that comes after its deadline, and stays usable', async () => {
    let late: (() => void) | undefined;
    const { connection } = await connectTo((request, socket) => {
      if (request.code === 1) late = () => socket.write(answerTo(request, { remark: 'late' }));
      else {
        late?.();
        echo(request, socket);
      }
    });
    await expect(connection.request(outgoing(1), soon(50))).rejects.toMatchObject({ kind: 'TIMEOUT', sent: true });
    expect((await connection.request(outgoing(2), soon())).remark).toBe('to 2');
    expect(connection.droppedAnswers).toBe(1);
  });
  it('goes on matching across the int32 wrap of the opaque', async () => {
    const { connection, server } = await connectTo(echo, { firstOpaque: 0x7fff_fffe });
    const codes = [1, 2, 3, 4];
    const replies = await Promise.all(codes.map((code) => connection.request(outgoing(code), soon())));
    expect(replies.map(({ remark }) => remark)).toEqual(codes.map((code) => `to ${code}`));
    expect(server.requests.map(({ opaque }) => opaque)).toEqual([0x7fff_fffe, 0x7fff_ffff, 0, 1]);
  });
  it("answers the server's own requests with code 3, unless one-way, even under an opaque of ours", async () => {
    const { connection, server } = await connectTo((request, socket) => {
      if ((request.flag & 1) !== 0) return;
      socket.write(answerTo(request, { flag: 0, code: 40 }));
      socket.write(answerTo(request, { flag: 2, code: 40 }));
      echo(request, socket);
    });
    expect((await connection.request(outgoing(1), soon())).remark).toBe('to 1');
    await connection.request(outgoing(2), soon());
    const refusals = server.requests.filter(({ flag }) => flag === 1);
    expect(refusals[0]).toMatchObject({ code: 3, opaque: 1 });
    expect(refusals.length).toBeLessThanOrEqual(2);
  });
});

describe('deadlines', () => {
  it('C38 ends all requests to a silent server at their deadline, not one after the other', async () => {
    const { connection } = await connectTo(() => {}, { inFlight: 4 });
    const startedAt = Date.now();
    const ends = await Promise.allSettled(
      Array.from({ length: 40 }, () => connection.request(outgoing(1), { deadlineAt: startedAt + 200 })),
    );
    expect(Date.now() - startedAt).toBeLessThan(1500);
    const sent = ends.map((end) => end.status === 'rejected' && end.reason.kind === 'TIMEOUT' && end.reason.sent);
    expect(sent.filter((isSent) => isSent)).toHaveLength(4);
    expect(connection.waiting).toBe(0);
  });
  it('sends nothing of a request whose deadline has passed or that was cancelled', async () => {
    const { connection, server } = await connectTo(echo);
    const late = connection.request(outgoing(1), { deadlineAt: Date.now() - 1 });
    await expect(late).rejects.toMatchObject({ kind: 'TIMEOUT', sent: false });
    const cancelled = connection.request(outgoing(1), { ...soon(), signal: AbortSignal.abort() });
    await expect(cancelled).rejects.toMatchObject({ kind: 'ABORTED', sent: false });
    await connection.request(outgoing(2), soon());
    expect(server.requests.map(({ code }) => code)).toEqual([2]);
  });
  it('cancels on the wire and in the queue, and says which', async () => {
    const { connection, server } = await connectTo(() => {}, { inFlight: 1 });
    const cancel = new AbortController();
    const first = connection.request(outgoing(1), { ...soon(), signal: cancel.signal });
    const second = connection.request(outgoing(2), { ...soon(), signal: cancel.signal });
    await until(() => server.requests.length === 1);
    cancel.abort();
    await expect(first).rejects.toMatchObject({ kind: 'ABORTED', sent: true });
    await expect(second).rejects.toMatchObject({ kind: 'ABORTED', sent: false });
  });
  it('keeps no more than the cap on the wire, and sends the rest as answers come', async () => {
    let onWire = 0;
    let most = 0;
    const { connection } = await connectTo(
      (request, socket) => {
        onWire += 1;
        most = Math.max(most, onWire);
        setImmediate(() => {
          onWire -= 1;
          echo(request, socket);
        });
      },
      { inFlight: 3 },
    );
    await Promise.all(Array.from({ length: 30 }, (_, code) => connection.request(outgoing(code), soon())));
    expect(most).toBe(3);
  });
  it('leaves the place of a request it gave up to nobody until the late answer comes', async () => {
    const held: (() => void)[] = [];
    const { connection, server } = await connectTo(
      (request, socket) => {
        if (request.code === 1) held.push(() => echo(request, socket));
        else echo(request, socket);
      },
      { inFlight: 1 },
    );
    await expect(connection.request(outgoing(1), soon(50))).rejects.toMatchObject({ kind: 'TIMEOUT' });
    const next = connection.request(outgoing(2), soon());
    await tick();
    expect(server.requests).toHaveLength(1);
    held[0]?.();
    expect((await next).remark).toBe('to 2');
  });
  it('gives the connection up after three deadlines in a row without a byte', async () => {
    const { connection } = await connectTo(() => {});
    const bystander = connection.request(outgoing(9), soon(20_000));
    const ends = await Promise.allSettled([1, 2, 3].map((code) => connection.request(outgoing(code), soon(600))));
    expect(ends.map((end) => end.status === 'rejected' && end.reason.kind)).toEqual(['TIMEOUT', 'TIMEOUT', 'TIMEOUT']);
    await expect(bystander).rejects.toMatchObject({ kind: 'CLOSED', sent: true });
    expect(connection.isUsable).toBe(false);
  });
  it('keeps the connection when single requests stay silent while others are answered', async () => {
    const { connection } = await connectTo((request, socket) => request.code > 0 && echo(request, socket));
    for (let round = 0; round < 4; round++) {
      const silent = connection.request(outgoing(0), soon(30));
      await connection.request(outgoing(1), soon());
      await expect(silent).rejects.toMatchObject({ kind: 'TIMEOUT' });
    }
    expect(connection.isUsable).toBe(true);
  });
});

describe('loss', () => {
  it('rejects what waits when the server resets in the middle of an answer, telling sent from unsent', async () => {
    const { connection } = await connectTo(
      (request, socket) => {
        socket.write(answerTo(request, { body: Buffer.alloc(1000) }).subarray(0, 300), () => socket.resetAndDestroy());
      },
      { inFlight: 1 },
    );
    const first = connection.request(outgoing(1), soon());
    const second = connection.request(outgoing(2), soon());
    await expect(first).rejects.toMatchObject({ kind: 'CLOSED', sent: true });
    await expect(second).rejects.toMatchObject({ kind: 'CLOSED', sent: false });
    expect(connection.isUsable).toBe(false);
    await expect(connection.request(outgoing(3), soon())).rejects.toMatchObject({ kind: 'CLOSED', sent: false });
  });
  it('rejects what waits when the server closes politely', async () => {
    const { connection } = await connectTo((_, socket) => socket.end());
    await expect(connection.request(outgoing(1), soon())).rejects.toMatchObject({ kind: 'CLOSED', sent: true });
  });
  it.each([
    ['a length of 2 GiB', Buffer.from('7fffffff00000010', 'hex')],
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('closes with a FRAME error on %s', async (_, bytes) => {
    const { connection, server } = await connectTo((_, socket) => socket.write(bytes));
    await expect(connection.request(outgoing(1), soon())).rejects.toMatchObject({ kind: 'FRAME', sent: true });
    await until(() => server.connections[0]?.socket.destroyed === true);
  });
  it('delivers the frames that precede a broken one', async () => {
    const { connection } = await connectTo((request, socket) => {
      if (request.code === 2) socket.write(Buffer.concat([answerTo(request), Buffer.alloc(8)]));
    });
    const lost = connection.request(outgoing(1), soon());
    const answered = connection.request(outgoing(2), soon());
    expect((await answered).code).toBe(0);
    await expect(lost).rejects.toMatchObject({ kind: 'FRAME' });
  });
  it('holds a truncated answer only until the deadline and the reset that follows', async () => {
    const { connection } = await connectTo((request, socket) => socket.write(answerTo(request).subarray(0, 10)));
    await expect(connection.request(outgoing(1), soon(100))).rejects.toMatchObject({ kind: 'TIMEOUT', sent: true });
  });
  it('lets the present requests finish when retired', async () => {
    let answer: (() => void) | undefined;
    const { connection, server } = await connectTo((request, socket) => {
      answer = () => echo(request, socket);
    });
    const waiting = connection.request(outgoing(1), soon());
    await until(() => server.requests.length === 1);
    connection.retire();
    await expect(connection.request(outgoing(2), soon())).rejects.toMatchObject({ kind: 'CLOSED', sent: false });
    answer?.();
    expect((await waiting).remark).toBe('to 1');
    await until(() => server.connections[0]?.socket.destroyed === true);
  });
  it('closes when idle', async () => {
    const { connection, server } = await connectTo(echo, { idleMs: 40 });
    await connection.request(outgoing(1), soon());
    await until(() => !connection.isUsable);
    await until(() => server.connections[0]?.socket.destroyed === true);
  });
});

it('reads a 4 MB answer sent in tiny slices', async () => {
  const body = Buffer.alloc(4 * 1024 * 1024, 'x');
  const { connection } = await connectTo((request, socket) => {
    const frame = answerTo(request, { body });
    // The first and last thousand bytes one by one, the middle in odd pieces.
    for (let at = 0; at < frame.length; ) {
      const size = at < 1000 || at > frame.length - 1000 ? 1 : 1789;
      socket.write(frame.subarray(at, at + size));
      at += size;
    }
  });
  expect((await connection.request(outgoing(1), soon(10_000))).body.equals(body)).toBe(true);
});

it('refuses a request above the frame bound without sending a byte', async () => {
  const { connection, server } = await connectTo(echo);
  const huge = { code: 1, extFields: {}, body: Buffer.alloc(16 * 1024 * 1024) };
  await expect(connection.request(huge, soon())).rejects.toThrow(RangeError);
  await connection.request(outgoing(2), soon());
  expect(server.requests).toHaveLength(1);
});
