import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { RemotingCommand } from './command';
import type { Within } from './deadline';
import { RemotingError, type RemotingErrorKind } from './errors';
import { encodeFrame, FrameDecoder, MAX_FRAME_BYTES } from './frame';
import { type Hold, Patience } from './patience';
import { type ConnectionReason, reasonOfCode } from './reason';

const RESPONSE_FLAG = 1;
const ONE_WAY_FLAG = 2;
const REQUEST_CODE_NOT_SUPPORTED = 3;
const MAX_OPAQUE = 0x7fff_ffff;

// NODE_JS is unknown to brokers before 5.3.2 and breaks them. 479 is V5_3_3: from 401 on a NameServer writes
// standard JSON, above 475 a leaving server says GO_AWAY instead of just closing.
const IDENTITY = { language: 'OTHER', version: 479 };

// A request with a very short deadline says nothing about the connection.
const MIN_SILENCE_MS = 500;

// A server still works on a request we gave up on, so it keeps its place until the late answer comes. Some requests
// are never answered (4.9 NameServers drop unknown codes), so not for ever.
const ABANDONED_MS = 10_000;

export interface ConnectionOptions {
  /** Largest frame read; default 16 MiB. */
  maxFrameBytes?: number | undefined;
  /** Requests on the wire at once; more of them wait here, within their deadline. Default 16. */
  inFlight?: number | undefined;
  /** Closed after this long without traffic, well before the 120 s of the server. Default 60,000. */
  idleMs?: number | undefined;
  /** Deadlines missed in a row, without a byte received, after which the connection is given up. Default 3. */
  maxSilences?: number | undefined;
  firstOpaque?: number | undefined;
}

export interface Outgoing {
  code: number;
  extFields: Record<string, string>;
  body: Buffer;
}

/** QUEUED → SENT → gone; it leaves from either state by answer, deadline, cancellation or loss of the connection. */
interface Exchange {
  opaque: number;
  frame: Buffer;
  sentAt: number | null;
  resolve(reply: RemotingCommand): void;
  reject(error: RemotingError): void;
  hold: Hold<Exchange> | null;
}

/** Field by field: this is done thousands of times in a sweep, and a spread costs several times as much. */
const requestOf = ({ code, extFields, body }: Outgoing, opaque: number): RemotingCommand => ({
  code,
  language: IDENTITY.language,
  version: IDENTITY.version,
  opaque,
  flag: 0,
  extFields,
  body,
});

/**
 * One established socket with pipelined requests. It never reconnects: when it is no longer usable, take another.
 * Follows `NettyRemotingAbstract.java`.
 */
export class Connection {
  /** Answers nobody waited for: late, twice, or for an opaque we never used. */
  droppedAnswers = 0;
  #state: 'OPEN' | 'RETIRED' | 'CLOSED' = 'OPEN';
  #queued = new Set<Exchange>();
  #sent = new Map<number, Exchange>();
  /** Opaque of a request given up after it was sent → when, epoch ms; oldest first. */
  #abandoned = new Map<number, number>();
  #nextOpaque: number;
  #silences = 0;
  #receivedAt = 0;
  /** Frames of this turn of the event loop. */
  #leaving: Buffer[] = [];
  readonly #patience = new Patience<Exchange>({
    onDeadline: (exchange) => this.#onDeadline(exchange),
    onAbort: (exchange) => this.#give(exchange, this.#error('ABORTED', 'cancelled', exchange.sentAt !== null)),
  });
  readonly #decoder: FrameDecoder;

  constructor(
    readonly address: string,
    private readonly socket: Socket,
    private readonly options: ConnectionOptions = {},
  ) {
    this.#nextOpaque = options.firstOpaque ?? 1;
    this.#decoder = new FrameDecoder(address, options.maxFrameBytes ?? MAX_FRAME_BYTES);
    let lost = `${address} closed the connection`;
    let reason: ConnectionReason | undefined;
    socket.on('data', (chunk: Buffer) => this.#onData(chunk));
    socket.on('error', (error: Error & { code?: string }) => {
      lost = `the connection to ${address} broke: ${error.message}`;
      reason = reasonOfCode(error.code);
    });
    const onLost = () => {
      const isMute = this.#receivedAt === 0 && !(socket instanceof TLSSocket);
      this.#end('CLOSED', lost, reason ?? (isMute ? 'HUNG_UP' : undefined));
    };
    socket.on('end', onLost);
    socket.on('close', onLost);
    socket.setTimeout(options.idleMs ?? 60_000, () => {
      if (this.waiting === 0) this.close();
    });
  }

  get isUsable(): boolean {
    return this.#state === 'OPEN';
  }

  /** Requests without an answer yet, on the wire or before it. */
  get waiting(): number {
    return this.#queued.size + this.#sent.size;
  }

  /**
   * Resolves with the answer, whatever its code. Rejects with `RemotingError` TIMEOUT, ABORTED, CLOSED or FRAME, whose
   * `sent` is false only when no byte was handed to the socket.
   */
  request(outgoing: Outgoing, within: Within): Promise<RemotingCommand> {
    return new Promise((resolve, reject) => {
      const { deadlineAt, signal } = within;
      if (this.#state !== 'OPEN')
        return reject(this.#error('CLOSED', `the connection to ${this.address} is closed`, false));
      if (signal?.aborted) return reject(this.#error('ABORTED', 'cancelled before it was sent', false));
      if (deadlineAt <= Date.now())
        return reject(this.#error('TIMEOUT', 'the deadline passed before it was sent', false));
      const opaque = this.#takeOpaque();
      const frame = encodeFrame(requestOf(outgoing, opaque));
      const exchange: Exchange = { opaque, frame, sentAt: null, resolve, reject, hold: null };
      exchange.hold = this.#patience.hold(exchange, within);
      this.#queued.add(exchange);
      this.#pump();
    });
  }

  /** Takes no more requests and closes once the present ones are through, as after GO_AWAY. */
  retire(): void {
    if (this.#state !== 'OPEN') return;
    this.#state = 'RETIRED';
    if (this.waiting === 0) this.close();
  }

  /** Says goodbye properly; requests without an answer are rejected with CLOSED. */
  close(): void {
    this.#end('CLOSED', `the connection to ${this.address} was closed here`);
    this.socket.destroySoon();
  }

  /** Resets the connection: nothing the peer still sends is waited for. */
  destroy(): void {
    this.#end('CLOSED', `the connection to ${this.address} was reset here`);
    // Node 20 aborts the process when the TCP socket below a TLS socket is reset while a write is pending.
    if (this.socket instanceof TLSSocket) this.socket.destroy();
    else this.socket.resetAndDestroy();
  }

  #pump(): void {
    const inFlight = this.options.inFlight ?? 16;
    for (const [opaque, at] of this.#abandoned) {
      if (Date.now() - at < ABANDONED_MS) break;
      this.#abandoned.delete(opaque);
    }
    for (const exchange of this.#queued) {
      if (this.#sent.size + this.#abandoned.size >= inFlight) return;
      this.#queued.delete(exchange);
      this.#sent.set(exchange.opaque, exchange);
      exchange.sentAt = Date.now();
      this.#write(exchange.frame);
    }
    if (this.#state === 'RETIRED' && this.waiting === 0) this.close();
  }

  /** Frames of one turn of the event loop leave together: a system call for each would cost more than all else. */
  #write(frame: Buffer): void {
    if (this.#leaving.push(frame) > 1) return;
    process.nextTick(() => {
      const [first, ...more] = this.#leaving;
      this.#leaving = [];
      if (first && this.#state !== 'CLOSED')
        this.socket.write(more.length > 0 ? Buffer.concat([first, ...more]) : first);
    });
  }

  #onData(chunk: Buffer): void {
    this.#receivedAt = Date.now();
    this.#silences = 0;
    try {
      this.#decoder.push(chunk, (command) => this.#onCommand(command));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#end('FRAME', message);
      this.destroy();
    }
  }

  #onCommand(command: RemotingCommand): void {
    // The server counts its own opaques: the flag decides, not the number.
    if ((command.flag & RESPONSE_FLAG) === 0) {
      this.#refuse(command);
      return;
    }
    const exchange = this.#sent.get(command.opaque);
    if (!exchange) {
      this.droppedAnswers += 1;
      if (this.#abandoned.delete(command.opaque)) this.#pump();
      return;
    }
    this.#sent.delete(exchange.opaque);
    exchange.hold?.release(exchange);
    exchange.resolve(command);
    this.#pump();
  }

  #refuse({ flag, opaque }: RemotingCommand): void {
    if ((flag & ONE_WAY_FLAG) !== 0 || this.#state === 'CLOSED') return;
    const code = REQUEST_CODE_NOT_SUPPORTED;
    const answer = { ...IDENTITY, code, flag: RESPONSE_FLAG, opaque, extFields: {}, body: Buffer.alloc(0) };
    this.socket.write(encodeFrame(answer));
  }

  #onDeadline(exchange: Exchange): void {
    if (!this.#isWaiting(exchange)) return;
    const { sentAt } = exchange;
    const what = sentAt === null ? 'no turn on the connection' : 'no answer';
    this.#give(exchange, this.#error('TIMEOUT', `${what} within the deadline`, sentAt !== null));
    if (sentAt === null || this.#receivedAt >= sentAt || Date.now() - sentAt < MIN_SILENCE_MS) return;
    this.#silences += 1;
    if (this.#silences < (this.options.maxSilences ?? 3) || this.#state !== 'OPEN') return;
    this.#state = 'RETIRED';
    // After the requests that reach their deadline in this same moment.
    setImmediate(() => this.destroy());
  }

  #give(exchange: Exchange, error: RemotingError): void {
    if (!this.#isWaiting(exchange)) return;
    this.#queued.delete(exchange);
    if (this.#sent.delete(exchange.opaque)) this.#abandoned.set(exchange.opaque, Date.now());
    exchange.hold?.release(exchange);
    exchange.reject(error);
    this.#pump();
  }

  #isWaiting(exchange: Exchange): boolean {
    return this.#queued.has(exchange) || this.#sent.get(exchange.opaque) === exchange;
  }

  #end(kind: 'CLOSED' | 'FRAME', message: string, reason?: ConnectionReason): void {
    if (this.#state === 'CLOSED') return;
    this.#state = 'CLOSED';
    const lost = [...this.#sent.values(), ...this.#queued];
    this.#sent.clear();
    this.#queued.clear();
    for (const exchange of lost) {
      exchange.hold?.release(exchange);
      const lostKind = exchange.sentAt === null ? 'CLOSED' : kind;
      exchange.reject(this.#error(lostKind, message, exchange.sentAt !== null, reason));
    }
  }

  #takeOpaque(): number {
    let opaque = this.#nextOpaque;
    while (this.#sent.has(opaque) || this.#abandoned.has(opaque)) opaque = opaque === MAX_OPAQUE ? 0 : opaque + 1;
    this.#nextOpaque = opaque === MAX_OPAQUE ? 0 : opaque + 1;
    return opaque;
  }

  #error(kind: RemotingErrorKind, message: string, sent: boolean, reason?: ConnectionReason): RemotingError {
    const text = message.includes(this.address) ? message : `${this.address}: ${message}`;
    return new RemotingError(kind, this.address, text, sent, { reason });
  }
}
