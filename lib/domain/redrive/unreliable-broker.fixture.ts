import type { CallTarget, Lane } from '@/lib/rocketmq/client';
import type { StoredMessage } from '@/lib/rocketmq/codec/stored-message';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import type { SendMessageInput, SendMessageOutput } from '@/lib/rocketmq/requests/send-message-v2';
import type { FakeBroker } from './fake-broker.fixture';
import type { Life } from './journal-file.fixture';
import type { VirtualClock } from './virtual-clock.fixture';

/** What becomes of one frame of a SEND and of its answer; times in ms. */
export interface Fate {
  /** On its way to the broker; null: lost. */
  arrives: number | null;
  /** It waits in our own socket until then: whoever resets the socket calls it back. */
  isHeldBack: boolean;
  deed:
    | { kind: 'store'; code: 0 | 10 | 12 }
    | { kind: 'refuse'; code: 2 | 13 | 14 | 16 | 17 | 215 }
    | { kind: 'error'; code: 1 | 1500; isStored: boolean }
    | { kind: 'divert' }
    | { kind: 'unsent' };
  /** Until the queue shows what is stored. */
  dispatched: number;
  /** The answer's way back; null: lost. */
  answers: number | null;
  /** After which the connection breaks, though the frame may travel on; null: it holds. */
  breaks: number | null;
}

export const PROMPT: Fate = {
  arrives: 1,
  isHeldBack: false,
  deed: { kind: 'store', code: 0 },
  dispatched: 0,
  answers: 1,
  breaks: null,
};

export interface Frame {
  n: number;
  k: number;
  topic: string;
  queueId: number;
  leftAt: number;
  /** Refused, or never sent, and not stored for certain. */
  isRefused: boolean;
  isHeldBack: boolean;
}
/** A copy in the queue it was meant for. */
export interface Copy {
  n: number;
  k: number;
  at: number;
  shownAt: number;
  message: StoredMessage;
}
interface OpenLane extends Lane {
  broken: ((sent: boolean) => void)[];
  isBroken: boolean;
}

const READ_MS = 2;

/** A {@link FakeBroker} behind a network that loses, delays and breaks, as told; keeps the books of what truly happened. */
export class UnreliableBroker {
  readonly frames: Frame[] = [];
  readonly copies: Copy[] = [];
  /** Items whose copy became a dead letter instead. */
  readonly diverted = new Set<number>();
  fates: Fate[] = [];
  /** Before a frame goes out and before a request or its answer is delivered: where a life may end. */
  onStep: () => void = () => {};
  onFrame: (frame: Frame, input: SendMessageInput) => void = () => {};
  onStored: (message: StoredMessage) => void = () => {};
  /** Letters below this offset of the dead-letter queue have expired. */
  expiredBelow = 0;
  /** Requests from now on that stay without an answer. */
  deaf = 0;
  /** By lane: the last time its end was asked for, and what it was. */
  readonly lastLook = new Map<string, { at: number; end: number }>();
  /** By lane: offsets that were read. */
  readonly read = new Map<string, Set<number>>();
  /** When it said last that its queues show all it has stored. */
  caughtUpAt = 0;
  /** When it last answered nothing, or that its queues do not show all it has stored. */
  outOfReachAt = 0;
  #downUntil = 0;
  readonly #shown = new Map<StoredMessage, number>();
  readonly #lanes = new Set<OpenLane>();

  constructor(
    readonly fake: FakeBroker,
    private readonly clock: VirtualClock,
    private readonly letters: string,
  ) {}

  goDown(ms: number): void {
    this.#downUntil = Math.max(this.#downUntil, this.clock.now() + ms);
    for (const lane of [...this.#lanes]) this.#break(lane);
  }
  expire(count: number): void {
    this.expiredBelow = Math.min(this.fake.queue(this.letters, 0).length, this.expiredBelow + count);
  }
  get isDown(): boolean {
    return this.clock.now() < this.#downUntil;
  }

  /** Stands for `RocketMQClient`, for one life. */
  clientOf(life: Life) {
    const call = (request: RequestDefinition<unknown, unknown>, input: never, target: CallTarget): Promise<unknown> => {
      if (life.isOver) return new Promise(() => {});
      const isSend = request.name === 'SEND_MESSAGE_V2';
      return life.still(isSend ? this.#send(life, input, target) : this.#ask(life, request, input, target));
    };
    const openLane = (broker: string) => life.still(this.#open(broker));
    return { ...this.fake.client, call, openLane };
  }

  async #ask(life: Life, request: RequestDefinition<unknown, unknown>, input: never, target: CallTarget) {
    this.onStep();
    await this.clock.sleep(READ_MS / 2);
    if (this.isDown) {
      this.outOfReachAt = this.clock.now();
      throw new RemotingError('CONNECT', target.broker, 'down', false);
    }
    if (this.deaf > 0) {
      this.deaf -= 1;
      await this.clock.sleep(target.deadlineAt - this.clock.now());
      this.outOfReachAt = this.clock.now();
      throw new RemotingError('TIMEOUT', target.broker, 'no answer', true);
    }
    const answer = this.#limit(request.name, input, await this.fake.client.call(request, input, target));
    await this.clock.sleep(READ_MS / 2);
    if (!life.isOver) this.onStep();
    return answer;
  }

  /** What a queue does not show yet, and what it no longer holds. */
  // biome-ignore lint/suspicious/noExplicitAny: inputs and answers of many requests
  #limit(name: string, input: any, answer: any): unknown {
    const isLetters = input?.topic === this.letters;
    const isShown = (message: StoredMessage) => (this.#shown.get(message) ?? 0) <= this.clock.now();
    const endOf = () => {
      const queue = this.fake.queue(input.topic, input.queueId);
      const hidden = queue.findIndex((message) => !isShown(message));
      return hidden < 0 ? queue.length : hidden;
    };
    const lane = `${input?.topic} ${input?.queueId}`;
    switch (name) {
      case 'GET_MIN_OFFSET':
        return isLetters ? this.expiredBelow : answer;
      case 'GET_MAX_OFFSET': {
        const end = endOf();
        this.lastLook.set(lane, { at: this.clock.now(), end });
        return end;
      }
      case 'PULL_MESSAGE': {
        const end = endOf();
        const minOffset = isLetters ? this.expiredBelow : 0;
        const nothing = { messages: [], damaged: [], minOffset, maxOffset: end };
        if (input.queueOffset < minOffset) return { ...nothing, status: 'MOVED', nextBeginOffset: minOffset };
        if (input.queueOffset >= end) return { ...nothing, status: 'END', nextBeginOffset: input.queueOffset };
        const messages = (answer.messages as StoredMessage[]).filter(({ queueOffset }) => queueOffset < end);
        const seen = this.read.get(lane) ?? new Set();
        for (const { queueOffset } of messages) seen.add(queueOffset);
        this.read.set(lane, seen);
        return { ...answer, messages, minOffset, maxOffset: end, nextBeginOffset: input.queueOffset + messages.length };
      }
      case 'QUERY_CONSUME_QUEUE': {
        const first = isLetters ? this.expiredBelow : 0;
        if (input.index < first) return { ...answer, entries: [] };
        return {
          ...answer,
          entries: answer.entries.filter(({ queueOffset }: { queueOffset: number }) => queueOffset < endOf()),
        };
      }
      case 'VIEW_MESSAGE_BY_ID':
        return answer && this.hasExpired(answer) ? null : answer;
      case 'QUERY_MESSAGE':
        return { ...answer, messages: answer.messages.filter(isShown) };
      case 'GET_BROKER_RUNTIME_INFO': {
        const isCaughtUp = this.fake.all().every(isShown);
        if (isCaughtUp) this.caughtUpAt = this.clock.now();
        else this.outOfReachAt = this.clock.now();
        return { ...answer, dispatchBehindBytes: isCaughtUp ? 0 : 500 };
      }
      default:
        return answer;
    }
  }

  hasExpired({ topic, queueOffset }: Pick<StoredMessage, 'topic' | 'queueOffset'>): boolean {
    return topic === this.letters && queueOffset < this.expiredBelow;
  }

  async #open(broker: string): Promise<Lane> {
    await this.clock.sleep(READ_MS);
    if (this.isDown) throw new RemotingError('CONNECT', broker, 'down', false);
    const lane: OpenLane = {
      broker,
      isBroken: false,
      broken: [],
      get isOpen() {
        return !this.isBroken;
      },
      // Whoever says goodbye properly lets go what it holds.
      close: () => this.#break(lane, false),
      destroy: () => this.#break(lane),
    };
    this.#lanes.add(lane);
    return lane;
  }

  #break(lane: OpenLane, isReset = true): void {
    lane.isBroken = true;
    this.#lanes.delete(lane);
    for (const tell of lane.broken.splice(0)) tell(isReset);
  }

  #send(life: Life, input: SendMessageInput, target: CallTarget): Promise<SendMessageOutput> {
    const lane = target.lane as OpenLane | undefined;
    const { topic, queueId, properties } = input;
    const frame: Frame = {
      n: Number(properties.RDX_N),
      k: Number(properties.RDX_K),
      topic,
      queueId,
      leftAt: this.clock.now(),
      isRefused: false,
      isHeldBack: false,
    };
    this.onFrame(frame, input);
    const fate = this.fates.shift() ?? PROMPT;
    const address = target.broker;
    const closed = (sent: boolean) => new RemotingError('CLOSED', address, 'the connection broke', sent);
    this.onStep();
    if (life.isOver) return new Promise(() => {});
    if (this.isDown || fate.deed.kind === 'unsent' || lane?.isBroken) return Promise.reject(closed(false));

    this.frames.push(frame);
    frame.isHeldBack = fate.isHeldBack && fate.arrives !== null;
    return new Promise((resolve, reject) => {
      let isRecalled = false;
      const { now, after } = { now: this.clock.now, after: this.clock.after.bind(this.clock) };
      lane?.broken.push((isReset) => {
        if (isReset && frame.isHeldBack) isRecalled = true;
        if (isReset) frame.isHeldBack = false;
        reject(closed(true));
      });
      after(target.deadlineAt - now(), () => reject(new RemotingError('TIMEOUT', address, 'no answer', true)));
      if (fate.breaks !== null) after(fate.breaks, () => lane && this.#break(lane));
      if (fate.arrives === null) return;
      after(fate.arrives, () => {
        if (isRecalled || this.isDown) return;
        frame.isHeldBack = false;
        const answer = this.#serve(frame, input, fate);
        if (fate.answers === null) return;
        after(fate.answers, () => {
          if (lane?.isBroken) return;
          if (!life.isOver) this.onStep();
          if (answer instanceof RocketMQError) reject(answer);
          else resolve(answer);
        });
      });
    });
  }

  #serve(frame: Frame, input: SendMessageInput, { deed, dispatched }: Fate): SendMessageOutput | RocketMQError {
    const refusal = (code: number, remark: string) =>
      new RocketMQError(code, remark, 'SEND_MESSAGE_V2', this.fake.name);
    if (deed.kind === 'refuse' || !this.fake.topics.has(input.topic)) {
      frame.isRefused = true;
      return refusal(deed.kind === 'refuse' ? deed.code : 17, 'refused');
    }
    if (deed.kind === 'error' && !deed.isStored) return refusal(deed.code, 'not stored');
    const topic = deed.kind === 'divert' ? this.letters : input.topic;
    const message = this.#store({ ...input, topic }, dispatched);
    const { offsetMessageId: msgId, queueId, queueOffset } = message;
    if (deed.kind === 'divert') this.diverted.add(frame.n);
    else {
      this.copies.push({
        n: frame.n,
        k: frame.k,
        at: this.clock.now(),
        shownAt: this.#shown.get(message) ?? 0,
        message,
      });
      this.onStored(message);
    }
    if (deed.kind === 'error') return refusal(deed.code, 'stored all the same');
    return { stored: true, code: deed.kind === 'store' ? deed.code : 0, msgId, queueId, queueOffset };
  }

  #store({ topic, queueId, properties, body, sysFlag, flag }: SendMessageInput, dispatched: number): StoredMessage {
    const now = this.clock.now();
    const queue = this.fake.queue(topic, queueId);
    // A queue is built in order.
    const before = this.#shown.get(queue.at(-1) as StoredMessage) ?? 0;
    const stored = { queueId, properties: { ...properties }, storedBody: body, sysFlag, flag, storedAt: now };
    const message = this.fake.put(topic, stored);
    this.#shown.set(message, Math.max(before, now + dispatched));
    return message;
  }
}
