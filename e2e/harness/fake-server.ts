import { type AddressInfo, createServer, type Socket } from 'node:net';
import { decodeFrame, encodeFrame, FrameSplitter, type WireFrame } from '../proxy/frame';

/** Takes the place of a NameServer or broker, or just listens. */
export interface FakeServer {
  address: string;
  port: number;
  /** Connections ever accepted: the witness that nobody dialled. */
  readonly accepted: number;
  stop(): Promise<void>;
}

export async function startFake(answer: (request: WireFrame, socket: Socket) => void = () => {}): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  let accepted = 0;
  const server = createServer((socket) => {
    accepted += 1;
    sockets.add(socket);
    const splitter = new FrameSplitter();
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      for (const raw of splitter.push(chunk)) answer(decodeFrame(raw), socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    port,
    get accepted() {
      return accepted;
    },
    async stop() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A NameServer that lists one broker, `broker-x`, at any address it is told. */
export function startFakeNameServer(brokerAddress: string): Promise<FakeServer> {
  const broker = { cluster: 'c', brokerName: 'broker-x', brokerAddrs: { 0: brokerAddress } };
  const body = Buffer.from(
    JSON.stringify({ brokerAddrTable: { 'broker-x': broker }, clusterAddrTable: { c: ['broker-x'] } }),
  );
  return startFake(({ opaque }, socket) => void socket.write(encodeFrame({ code: 0, opaque, flag: 1, body })));
}
