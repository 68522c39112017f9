import { setImmediate as turn } from 'node:timers/promises';
import { JobControl } from '../jobs/control';

interface Due {
  at: number;
  fire: () => void;
}

/** Far more than any job of the tests takes. */
const MOST_EVENTS = 200_000;

/**
 * Time that passes only when nobody does anything: an hour of waiting costs nothing, and what is due in the same
 * millisecond happens in the order in which it was asked for, so that a run can be repeated.
 */
export class VirtualClock {
  #now = 1_700_000_000_000;
  #due: Due[] = [];
  #fired = 0;

  readonly now = (): number => this.#now;
  readonly sleep = (ms: number): Promise<void> => new Promise((resolve) => this.after(ms, resolve));

  /** Answers how to call it off. */
  after(ms: number, fire: () => void): () => void {
    const due = { at: this.#now + Math.max(0, ms), fire };
    const later = this.#due.findIndex(({ at }) => at > due.at);
    this.#due.splice(later < 0 ? this.#due.length : later, 0, due);
    return () => {
      this.#due = this.#due.filter((each) => each !== due);
    };
  }

  /** Lets time pass until the work is done. `quiet` waits for what is under way outside this clock; false when nothing was. */
  async until<T>(work: Promise<T>, quiet: () => Promise<boolean>): Promise<T> {
    let isDone = false;
    const done = () => {
      isDone = true;
    };
    work.then(done, done);
    for (;;) {
      do await turn();
      while (await quiet());
      if (isDone) return work;
      const next = this.#due.shift();
      if (!next) throw new Error('nothing will ever happen again, and the work is not done');
      this.#fired += 1;
      if (this.#fired > MOST_EVENTS) throw new Error('the work goes round in circles');
      this.#now = Math.max(this.#now, next.at);
      next.fire();
    }
  }
}

/** A job's control whose waits are on that clock. */
export class VirtualControl extends JobControl {
  readonly #waiting = new Set<() => void>();

  constructor(private readonly clock: VirtualClock) {
    super(clock.now);
  }

  override request(act: 'pause' | 'cancel' | 'stop', by: string): void {
    super.request(act, by);
    for (const wake of [...this.#waiting]) wake();
  }

  override wait(ms: number): Promise<void> {
    if (this.checkpoint() !== 'go' || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const callOff = this.clock.after(ms, () => wake());
      const wake = () => {
        callOff();
        this.#waiting.delete(wake);
        resolve();
      };
      this.#waiting.add(wake);
    });
  }
}
