import { connect, type Socket } from 'node:net';

/** A request as it goes on the wire, without its opaque. */
export interface WireRequest {
  code: number;
  fields?: Record<string, string>;
  body?: Buffer;
}

export interface Traffic {
  requests: number;
  sentBytes: number;
  receivedBytes: number;
}

const LENGTH_BYTES = 4;

/**
 * The cheapest client there is: it keeps `inFlight` requests on one connection and counts the answers by their
 * length words. It reads nothing else, unless a code other than 0 matters (`check`).
 */
export async function replay(
  address: string,
  requests: readonly WireRequest[],
  { inFlight, check = false, onProgress }: { inFlight: number; check?: boolean; onProgress?: (done: number) => void },
): Promise<Traffic> {
  const traffic: Traffic = { requests: requests.length, sentBytes: 0, receivedBytes: 0 };
  if (requests.length === 0) return traffic;
  const socket = await dial(address);
  await new Promise<void>((resolve, reject) => {
    let sent = 0;
    let answered = 0;
    const pump = () => {
      while (sent < requests.length && sent - answered < inFlight) {
        const frame = frameOf(requests[sent] as WireRequest, sent + 1);
        traffic.sentBytes += frame.length;
        socket.write(frame);
        sent += 1;
      }
    };
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`${address} closed the connection`)));
    onFrames(socket, check, (frame) => {
      answered += 1;
      if (frame) {
        const { code, remark } = headerOf(frame);
        if (code !== 0) reject(new Error(`${address} answered ${code} to ${requests[0]?.code}: ${remark}`));
      }
      onProgress?.(answered);
      if (answered === requests.length) resolve();
    });
    socket.on('data', (chunk: Buffer) => {
      traffic.receivedBytes += chunk.length;
      pump();
    });
    pump();
  }).finally(() => socket.destroy());
  return traffic;
}

function dial(address: string): Promise<Socket> {
  const at = address.lastIndexOf(':');
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address.slice(0, at), port: Number(address.slice(at + 1)), noDelay: true });
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
}

function frameOf({ code, fields, body }: WireRequest, opaque: number): Buffer {
  const header = Buffer.from(
    JSON.stringify({ code, language: 'OTHER', version: 479, opaque, flag: 0, extFields: fields }),
  );
  const frame = Buffer.allocUnsafe(8 + header.length + (body?.length ?? 0));
  frame.writeUInt32BE(frame.length - LENGTH_BYTES, 0);
  frame.writeUInt32BE(header.length, 4);
  header.copy(frame, 8);
  body?.copy(frame, 8 + header.length);
  return frame;
}

/** Steps from length word to length word; keeps the bytes of a frame only when somebody wants them. */
export function onFrames(socket: Socket, keep: boolean, onFrame: (frame: Buffer | null) => void): void {
  let left = 0;
  let word: Buffer = Buffer.alloc(0);
  let kept: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => {
    let at = 0;
    while (at < chunk.length) {
      if (left === 0) {
        const missing = LENGTH_BYTES - word.length;
        word =
          word.length === 0
            ? chunk.subarray(at, at + missing)
            : Buffer.concat([word, chunk.subarray(at, at + missing)]);
        at += missing;
        if (word.length < LENGTH_BYTES) return;
        left = word.readUInt32BE(0);
        word = Buffer.alloc(0);
        kept = [];
        continue;
      }
      const taken = Math.min(left, chunk.length - at);
      if (keep) kept.push(chunk.subarray(at, at + taken));
      at += taken;
      left -= taken;
      if (left === 0) onFrame(keep ? Buffer.concat(kept) : null);
    }
  });
}

function headerOf(frame: Buffer): { code: number; remark?: string } {
  const length = frame.readUIntBE(1, 3);
  if (frame[0] === 0) return JSON.parse(frame.subarray(4, 4 + length).toString());
  return { code: frame.readInt16BE(4) };
}
