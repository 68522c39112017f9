import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { WRITE_CODES } from './codes';
import { decodeFrame, FrameSplitter, type RecordedFrame, type WireFrame } from './frame';
import { type Action, type ActiveRule, activate, type Match, type Rule } from './rule';

export interface WireProxy {
  /** Real address → address of the proxy: the console's address map. */
  addressMap: Record<string, string>;
  /** The proxy in front of one real address; throws for an address without one. */
  address(target: string): string;
  /** Every frame that passed or was dropped, oldest first. */
  frames: RecordedFrame[];
  /** Requests of the WRITE table: empty means that nothing was sent which changes a cluster. */
  writeFrames(): RecordedFrame[];
  requests(code: number): RecordedFrame[];
  /** By target: most connections that were open to it at a time. */
  mostConnections(): Record<string, number>;
  clear(): void;
  /** Applies to frames from now on; the first rule that matches decides. */
  rule(match: Match, action: Action): Rule;
  clearRules(): void;
  stop(): Promise<void>;
}

interface State {
  frames: RecordedFrame[];
  rules: ActiveRule[];
}

/** One listener on loopback per target, which may be a NameServer or a broker. */
export async function startProxy(targets: readonly string[]): Promise<WireProxy> {
  const state: State = { frames: [], rules: [] };
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  const addressMap: Record<string, string> = {};
  const most: Record<string, number> = {};
  for (const target of targets) {
    let open = 0;
    const server = createServer((client) => {
      open += 1;
      client.on('close', () => {
        open -= 1;
      });
      most[target] = Math.max(most[target] ?? 0, open);
      link(client, target, state, sockets);
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    servers.push(server);
    addressMap[target] = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const clearRules = () => {
    for (const rule of state.rules.splice(0)) rule.release();
  };
  const requests = (matches: (code: number) => boolean) =>
    state.frames.filter((frame) => frame.direction === 'request' && matches(frame.code));
  return {
    addressMap,
    address(target) {
      const address = addressMap[target];
      if (!address) throw new Error(`no proxy for ${target}`);
      return address;
    },
    frames: state.frames,
    writeFrames: () => requests((code) => WRITE_CODES.has(code)),
    mostConnections: () => ({ ...most }),
    requests: (wanted) => requests((code) => code === wanted),
    clear: () => void state.frames.splice(0),
    rule(match, action) {
      const rule = activate(match, action, () => state.rules.splice(state.rules.indexOf(rule), 1));
      state.rules.push(rule);
      return rule;
    },
    clearRules,
    async stop() {
      clearRules();
      for (const socket of sockets) socket.destroy();
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

function link(client: Socket, target: string, state: State, sockets: Set<Socket>): void {
  const [host, port] = target.split(':');
  const server = connect({ host, port: Number(port), noDelay: true });
  client.setNoDelay(true);
  const asked = new Map<number, number>();
  for (const [from, to, isUp] of [
    [client, server, true],
    [server, client, false],
  ] as const) {
    sockets.add(from);
    from.on('error', () => to.destroy());
    from.on('end', () => to.end());
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
    carry(from, to, { target, state, asked, isUp });
  }
}

interface Course {
  target: string;
  state: State;
  /** opaque → request code, of the requests that have no answer yet. */
  asked: Map<number, number>;
  /** From the client to the server. */
  isUp: boolean;
}

function carry(from: Socket, to: Socket, course: Course): void {
  const splitter = new FrameSplitter();
  // Frames of one direction never overtake each other, except where a rule holds one back.
  let last: Promise<void> = Promise.resolve();
  from.on('data', (chunk: Buffer) => {
    for (const raw of split(splitter, chunk, to)) {
      const frame = record(raw, course);
      const rule = course.state.rules.find((candidate) => candidate.matches(frame));
      if (!rule) {
        last = last.then(() => write(to, raw));
        continue;
      }
      const done = rule.apply(raw, { to, from, target: course.target }, last);
      if (!rule.mayBeOvertaken) last = last.then(() => done);
    }
  });
}

/** A frame nobody can read is recorded with code -1: the witness overlooks nothing. */
function decode(raw: Buffer): WireFrame {
  try {
    return decodeFrame(raw);
  } catch {
    return { code: -1, opaque: -1, flag: 0, remark: '', fields: {}, body: raw };
  }
}

/** What is no Remoting frame ends the connection. */
function split(splitter: FrameSplitter, chunk: Buffer, to: Socket): Buffer[] {
  try {
    return splitter.push(chunk);
  } catch {
    to.destroy();
    return [];
  }
}

function record(raw: Buffer, { target, state, asked, isUp }: Course): RecordedFrame {
  const { code, opaque, flag, fields, body } = decode(raw);
  const isResponse = (flag & 1) === 1;
  // A server may ask too (CHECK_CLIENT…); its requests travel down and are answered up.
  if (!isResponse && isUp) asked.set(opaque, code);
  const requestCode = isResponse ? (asked.get(opaque) ?? -1) : code;
  if (isResponse && !isUp) asked.delete(opaque);
  const frame: RecordedFrame = {
    at: Date.now(),
    direction: isResponse ? 'response' : 'request',
    target,
    code,
    requestCode,
    opaque,
    fields,
    bodyBytes: body.length,
  };
  state.frames.push(frame);
  return frame;
}

function write(to: Socket, bytes: Buffer): void {
  if (to.writable) to.write(bytes);
}
