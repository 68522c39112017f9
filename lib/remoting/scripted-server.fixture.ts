import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import type { RemotingCommand } from './command';
import { encodeFrame, FrameDecoder } from './frame';

export type Script = (request: RemotingCommand, socket: Socket) => void;

export interface ScriptedServer extends AsyncDisposable {
  address: string;
  /** Every connection ever accepted, with the bytes it brought. */
  connections: { socket: Socket; receivedBytes: number }[];
  requests: RemotingCommand[];
  close(): Promise<void>;
}

/** A server on loopback that decodes requests and leaves the answer to the script. */
export async function listen(script: Script, tls?: { cert: string; key: string }): Promise<ScriptedServer> {
  const connections: ScriptedServer['connections'] = [];
  const requests: RemotingCommand[] = [];
  const accept = (socket: Socket) => {
    const connection = { socket, receivedBytes: 0 };
    connections.push(connection);
    const decoder = new FrameDecoder('client');
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      connection.receivedBytes += chunk.length;
      try {
        decoder.push(chunk, (request) => {
          requests.push(request);
          script(request, socket);
        });
      } catch {
        // Bytes that are no frame, such as a TLS greeting: a mute server.
        socket.removeAllListeners('data').resume();
      }
    });
  };
  const server = tls ? createTlsServer(tls, accept).on('tlsClientError', () => {}) : createServer(accept);
  // A failed handshake never becomes a connection above, but has to end all the same.
  const accepted = new Set<Socket>();
  server.on('connection', (socket: Socket) => accepted.add(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    for (const socket of accepted) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  };
  const { port } = server.address() as AddressInfo;
  return { address: `127.0.0.1:${port}`, connections, requests, close, [Symbol.asyncDispose]: close };
}

/** The frame that answers `request`. */
export function answerTo(request: RemotingCommand, answer: Partial<RemotingCommand> = {}): Buffer {
  const { opaque } = request;
  const empty = { code: 0, language: 'JAVA', version: 513, extFields: {}, body: Buffer.alloc(0) };
  return encodeFrame({ ...empty, ...answer, flag: answer.flag ?? 1, opaque: answer.opaque ?? opaque });
}
