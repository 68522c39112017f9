import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { decodeFrame, encodeFrame, type RecordedFrame } from './frame';

/** Which frames a rule takes; what is left out matches everything. */
export interface Match {
  /** Request code or codes; of a response: what it answers. */
  code?: number | readonly number[];
  direction?: 'request' | 'response';
  target?: string;
  /** Take only so many frames, then let the rest pass. */
  times?: number;
  where?: (frame: RecordedFrame) => boolean;
}

export type Action =
  | { do: 'delay'; ms: number }
  /** Keeps the frame until `release()`. */
  | { do: 'hold' }
  /** The frame vanishes, the connection stays. On a request the server never sees it. */
  | { do: 'blackhole' }
  /** Shorthand: with a request code it lets the request through and swallows the answer, after the broker has executed it. */
  | { do: 'dropResponse' }
  /** Resets both sides instead of passing the frame on. */
  | { do: 'rst' }
  /** Passes the frame on in pieces of so many bytes. */
  | { do: 'slice'; bytes: number; gapMs?: number }
  /** Passes on the first half and keeps the rest until `release()`. */
  | { do: 'half' }
  /** Keeps the frame until `release()` and then delivers it over a connection of its own, whatever became of the first. */
  | { do: 'deliverLate' }
  /** Answers a request in place of the server, which never sees it. */
  | { do: 'answer'; code: number; remark?: string }
  /** Passes a response on with another code: what the broker did stays done. */
  | { do: 'recode'; code: number }
  /** Passes on the first bytes and closes. */
  | { do: 'truncate'; bytes: number }
  /** Inverts one byte of the frame; 0 is the first byte of its length. */
  | { do: 'corrupt'; byte: number };

export interface Rule {
  /** Frames it has taken so far. */
  readonly hits: number;
  /** Resolves with the first frame it takes. */
  hit(): Promise<void>;
  /** Lets go what it holds and takes no more. */
  release(): void;
}

interface Ends {
  from: Socket;
  to: Socket;
  /** The server's real address. */
  target: string;
}

export interface ActiveRule extends Rule {
  readonly mayBeOvertaken: boolean;
  matches(frame: RecordedFrame): boolean;
  /** `before`: what this frame must not overtake. */
  apply(raw: Buffer, ends: Ends, before: Promise<void>): Promise<void>;
}

export function activate(match: Match, action: Action, remove: () => void): ActiveRule {
  const codes = match.code === undefined ? undefined : [match.code].flat();
  const direction = action.do === 'dropResponse' ? 'response' : match.direction;
  let hits = 0;
  let isOver = false;
  let announceHit = () => {};
  const firstHit = new Promise<void>((resolve) => {
    announceHit = resolve;
  });
  let letGo = () => {};
  const released = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  return {
    mayBeOvertaken: ['hold', 'delay', 'deliverLate'].includes(action.do),
    get hits() {
      return hits;
    },
    hit: () => firstHit,
    release() {
      if (isOver) return;
      isOver = true;
      letGo();
      remove();
    },
    matches(frame) {
      if (isOver || hits >= (match.times ?? Number.POSITIVE_INFINITY)) return false;
      if (codes && !codes.includes(frame.requestCode)) return false;
      if (direction && frame.direction !== direction) return false;
      if (match.target && frame.target !== match.target) return false;
      return match.where?.(frame) ?? true;
    },
    async apply(raw, ends, before) {
      hits++;
      announceHit();
      await before;
      await perform(action, raw, ends, released);
    },
  };
}

async function perform(
  action: Action,
  raw: Buffer,
  { from, to, target }: Ends,
  released: Promise<void>,
): Promise<void> {
  switch (action.do) {
    case 'delay':
      await delay(action.ms);
      write(to, raw);
      return;
    case 'hold':
      await released;
      write(to, raw);
      return;
    case 'blackhole':
    case 'dropResponse':
      return;
    case 'rst':
      from.resetAndDestroy();
      to.resetAndDestroy();
      return;
    case 'slice':
      for (let at = 0; at < raw.length; at += action.bytes) {
        write(to, raw.subarray(at, at + action.bytes));
        await delay(action.gapMs ?? 1);
      }
      return;
    case 'half': {
      const middle = Math.floor(raw.length / 2);
      write(to, raw.subarray(0, middle));
      await released;
      write(to, raw.subarray(middle));
      return;
    }
    case 'deliverLate': {
      await released;
      const [host, port] = target.split(':');
      const late = connect({ host, port: Number(port) });
      // Its answer is for nobody.
      late.on('error', () => {}).once('data', () => late.destroy());
      late.write(raw);
      return;
    }
    case 'answer': {
      const { code, remark } = action;
      const { opaque } = decodeFrame(raw);
      write(from, encodeFrame({ code, opaque, flag: 1, ...(remark && { remark }) }));
      return;
    }
    case 'recode':
      write(to, encodeFrame({ ...decodeFrame(raw), code: action.code }));
      return;
    case 'truncate':
      write(to, raw.subarray(0, action.bytes));
      to.end();
      from.destroy();
      return;
    case 'corrupt': {
      const copy = Buffer.from(raw);
      copy[action.byte] = ~(copy[action.byte] ?? 0) & 0xff;
      write(to, copy);
    }
  }
}

function write(to: Socket, bytes: Buffer): void {
  if (to.writable) to.write(bytes);
}
