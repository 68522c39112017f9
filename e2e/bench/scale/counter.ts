import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onFrames } from './wire';

export interface Counter {
  /** Real address → address of the counter. */
  addressMap: Record<string, string>;
  /** Since it was last asked. */
  take(): number;
  stop(): void;
}

/** Passes bytes on, and counts the requests among them by their length words. */
export async function startCounter(targets: readonly string[]): Promise<Counter> {
  const sockets = new Set<Socket>();
  const addressMap: Record<string, string> = {};
  let requests = 0;
  const servers = targets.map((target) => {
    const at = target.lastIndexOf(':');
    return createServer((client) => {
      const server = connect({ host: target.slice(0, at), port: Number(target.slice(at + 1)), noDelay: true });
      client.setNoDelay(true);
      onFrames(client, false, () => {
        requests += 1;
      });
      for (const [from, to] of [
        [client, server],
        [server, client],
      ] as const) {
        sockets.add(from);
        from.pipe(to);
        from.on('error', () => to.destroy());
        from.on('close', () => sockets.delete(from));
      }
    });
  });
  for (const [index, server] of servers.entries()) {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    addressMap[targets[index] ?? ''] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  return {
    addressMap,
    take() {
      const counted = requests;
      requests = 0;
      return counted;
    },
    stop() {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    },
  };
}
