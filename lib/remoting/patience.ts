import { timerMs, type Within } from './deadline';

export interface PatienceOptions<Waiting> {
  onDeadline(waiting: Waiting): void;
  onAbort(waiting: Waiting): void;
}

/** Where one waits, until it is released. */
export interface Hold<Waiting> {
  release(waiting: Waiting): void;
}

/**
 * Waiting for many answers with few timers: those that share a deadline and a signal, as the thousands of a sweep do, share one
 * timer and one listener too.
 */
export class Patience<Waiting> {
  readonly #groups = new Set<Group<Waiting>>();

  constructor(private readonly options: PatienceOptions<Waiting>) {}

  hold(waiting: Waiting, within: Within): Hold<Waiting> {
    let group = this.#find(within);
    if (!group) {
      group = new Group(within, this.options, (empty) => this.#groups.delete(empty));
      this.#groups.add(group);
    }
    group.members.add(waiting);
    return group;
  }

  #find({ deadlineAt, signal }: Within): Group<Waiting> | undefined {
    for (const group of this.#groups) if (group.deadlineAt === deadlineAt && group.signal === signal) return group;
    return undefined;
  }
}

class Group<Waiting> implements Hold<Waiting> {
  readonly members = new Set<Waiting>();
  readonly deadlineAt: number;
  readonly signal: AbortSignal | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #onAbort: () => void;

  constructor(
    { deadlineAt, signal }: Within,
    { onDeadline, onAbort }: PatienceOptions<Waiting>,
    private readonly onEmpty: (group: Group<Waiting>) => void,
  ) {
    this.deadlineAt = deadlineAt;
    this.signal = signal;
    this.#onAbort = () => [...this.members].forEach(onAbort);
    // By way of setImmediate, so that an answer which waits in the socket while this process was busy still counts.
    const overdue = () => [...this.members].forEach(onDeadline);
    this.#timer = setTimeout(() => setImmediate(overdue), timerMs(deadlineAt));
    signal?.addEventListener('abort', this.#onAbort, { once: true });
  }

  release(waiting: Waiting): void {
    if (!this.members.delete(waiting) || this.members.size > 0) return;
    clearTimeout(this.#timer);
    this.signal?.removeEventListener('abort', this.#onAbort);
    this.onEmpty(this);
  }
}
