import { setMaxListeners } from 'node:events';
import type { RequestDefinition } from '@/lib/rocketmq/define-request';
import { RemotingError } from '@/lib/rocketmq/errors';
import type { Ctx } from '../ctx';

/** One master during one sweep, until `deadlineAt`: cancellation is set, the budget is kept, and requests are counted. */
export interface Asker {
  readonly broker: string;
  /** Rejects as `client.call`; after a lost connection or deadline, at once for whoever still waits for a turn. */
  ask<Input, Output>(request: RequestDefinition<Input, Output>, input: Input): Promise<Output>;
  /** Works off many items, as many at once as requests may be; rejects with the first error. */
  each<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void>;
  readonly requests: number;
  /** Settles like `reading`, or rejects with TIMEOUT once the broker has answered nothing for too long. */
  whileItAnswers<T>(reading: Promise<T>): Promise<T>;
}

/** What a sweep may ask of one broker. */
export interface BrokerBudget {
  /** Requests on the wire at once. */
  inFlight: number;
  perSecond: number;
}

export const DEFAULT_BUDGET: BrokerBudget = { inFlight: 32, perSecond: 10_000 };
/** Waiting for the deadline of a broker that hangs would make everybody's picture old. */
const SILENCE_MS = 2000;
/** For a single answer, whatever else the broker answers meanwhile. */
const ANSWER_MS = 4000;
const DEADLINE_STEP_MS = 250;
/** Looked at so often: time in which this process itself had no turn is not the broker's. */
const LOOKS = 5;
/**
 * Once all are out, the next go when this share of them is back: requests that leave together cost one write and one read.
 * The broker still has the others to work on.
 */
const REFILL_SHARE = 1 / 2;
/** The rate is kept in steps of this. */
const STEP_MS = 20;

export function askerOf(
  ctx: Pick<Ctx, 'client' | 'signal'>,
  broker: string,
  deadlineAt: number,
  budget: BrokerBudget = DEFAULT_BUDGET,
): Asker {
  const turns = new Turns(budget);
  const given = new AbortController();
  let target = { broker, deadlineAt: 0, signal: given.signal };
  // Those of the same moment share a deadline, and with it a timer.
  const targetNow = () => {
    const wanted = Math.min(deadlineAt, Math.ceil((Date.now() + ANSWER_MS) / DEADLINE_STEP_MS) * DEADLINE_STEP_MS);
    if (wanted !== target.deadlineAt) target = { ...target, deadlineAt: wanted };
    return target;
  };
  const giveUp = () => given.abort();
  // Every request in flight listens to it.
  setMaxListeners(0, given.signal);
  let requests = 0;
  let inFlight = 0;
  let silentLooks = 0;
  let lost: RemotingError | undefined;
  const lose = (error: RemotingError) => {
    lost ??= error;
    turns.end();
  };
  return {
    broker,
    async each(items, work) {
      const rest = items[Symbol.iterator]();
      let hasFailed = false;
      const workers = Array.from({ length: budget.inFlight }, async () => {
        for (let next = rest.next(); !next.done && !hasFailed; next = rest.next()) await work(next.value);
      });
      await Promise.all(workers).finally(() => {
        hasFailed = true;
      });
    },
    async ask(request, input) {
      const turn = turns.take();
      if (turn) await turn;
      if (lost) throw lost;
      requests += 1;
      if (inFlight++ === 0) silentLooks = 0;
      try {
        return await ctx.client.call(request, input, targetNow());
      } catch (error) {
        if (error instanceof RemotingError) lose(error);
        throw error;
      } finally {
        inFlight -= 1;
        silentLooks = 0;
        turns.give();
      }
    },
    get requests() {
      return requests;
    },
    async whileItAnswers(reading) {
      ctx.signal.addEventListener('abort', giveUp, { once: true });
      let watch: NodeJS.Timeout | undefined;
      const silence = new Promise<never>((_, reject) => {
        watch = setInterval(() => {
          if (inFlight === 0 || ++silentLooks < LOOKS) return;
          const error = new RemotingError('TIMEOUT', broker, `${broker} has not answered for ${SILENCE_MS} ms`, true);
          lose(error);
          reject(error);
          giveUp();
        }, SILENCE_MS / LOOKS);
      });
      try {
        return await Promise.race([reading, silence]);
      } finally {
        clearInterval(watch);
        ctx.signal.removeEventListener('abort', giveUp);
      }
    },
  };
}

/** So many at once, and so many per second. */
class Turns {
  #free: number;
  #left = 0;
  #stepAt = 0;
  #timer = false;
  #waiting: (() => void)[] = [];
  #next = 0;
  #isOver = false;
  #isRefilling = true;

  constructor(private readonly budget: BrokerBudget) {
    this.#free = budget.inFlight;
  }

  take(): Promise<void> | undefined {
    if (this.#isOver) return undefined;
    if (this.#next === this.#waiting.length && this.#mayStart()) {
      this.#start();
      return undefined;
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#pump();
    });
  }

  give(): void {
    this.#free += 1;
    this.#pump();
  }

  /** The broker is lost: whoever waits shall learn it at once. */
  end(): void {
    this.#isOver = true;
    for (const resolve of this.#waiting.splice(0).slice(this.#next)) resolve();
    this.#next = 0;
  }

  #mayStart(): boolean {
    const now = Date.now();
    if (now - this.#stepAt >= STEP_MS) {
      this.#stepAt = now;
      this.#left = Math.max(1, Math.floor((this.budget.perSecond * STEP_MS) / 1000));
    }
    if (this.#free >= this.budget.inFlight * REFILL_SHARE) this.#isRefilling = true;
    return this.#isRefilling && this.#free > 0 && this.#left > 0;
  }

  #start(): void {
    this.#free -= 1;
    this.#left -= 1;
    if (this.#free === 0) this.#isRefilling = false;
  }

  #pump(): void {
    while (this.#next < this.#waiting.length && this.#mayStart()) {
      this.#start();
      this.#waiting[this.#next++]?.();
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = [];
      this.#next = 0;
    } else if (this.#isRefilling && this.#free > 0 && !this.#timer) {
      this.#timer = true;
      setTimeout(() => {
        this.#timer = false;
        this.#pump();
      }, STEP_MS);
    }
  }
}
