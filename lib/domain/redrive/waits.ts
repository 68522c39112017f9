import type { RedriveProgress } from '@/lib/contract/jobs';
import { RemotingError, RocketMQError } from '@/lib/rocketmq/errors';
import { type Note, noteOf } from './note';
import type { RedriveTimes } from './run-context';

type Told = NonNullable<RedriveProgress['waiting']>['brokers'][number];

interface Wait {
  since: number;
  reason: Told['reason'];
  /** Why the job pauses when it has waited long enough. */
  note: Note;
  /** Sends to it are of unknown outcome, and may still arrive until then; null: there are none. */
  settledAt: number | null;
  failures: number;
  /** When it is asked again: while others go on, and when nothing else is left to do. */
  nextAt: number;
  soonAt: number;
}

/** Most doublings of the first wait. */
const MOST_TIMES = 16;
/** Asking a broker that hangs takes at most a tenth of the time, in which the others go on. */
const REST_TIMES = 10;
/** A broker that is busy for less is none that a job waits for. */
const BUSY_TOLD_MS = 2000;

/** Brokers that cannot take part at present: letters that lie there or go there wait, and the others go on. */
export class Waits {
  readonly #waits = new Map<string, Wait>();

  constructor(
    private readonly now: () => number,
    private readonly times: Pick<RedriveTimes, 'backOffMs' | 'patienceMs' | 'settleMs'>,
  ) {}

  /** It was asked at `began`, and could not be reached, or refused. Rethrows what neither a network nor a broker says. */
  failed(broker: string, error: unknown, began: number): void {
    const note = noteOf(error, broker);
    this.#wait(broker, error instanceof RemotingError ? 'unreachable' : 'refuses', note, this.now() - began);
  }

  /** It has no time at present, or its queues do not show yet what it has stored. */
  busy(broker: string): void {
    this.#wait(broker, 'busy', { key: 'broker_busy', params: { broker } }, 0);
  }

  /** Sends to it had no answer: it is left alone until nothing can arrive any more. */
  unanswered(broker: string): void {
    const now = this.now();
    const settledAt = now + this.times.settleMs;
    const since = this.#waits.get(broker)?.since ?? now;
    const note = { key: 'outcomes_unresolved' };
    const known = { since, reason: 'unanswered', note, failures: 0 } as const;
    this.#waits.set(broker, { ...known, settledAt, nextAt: settledAt, soonAt: settledAt });
  }

  /** It takes part again; or all do. */
  over(broker?: string): void {
    if (broker === undefined) this.#waits.clear();
    else this.#waits.delete(broker);
  }

  isUnresolved(broker: string): boolean {
    return typeof this.#waits.get(broker)?.settledAt === 'number';
  }
  get unresolved(): ReadonlySet<string> {
    return new Set([...this.#waits.keys()].filter((broker) => this.isUnresolved(broker)));
  }
  /** It is asked again now. */
  isDue(broker: string): boolean {
    return (this.#waits.get(broker)?.nextAt ?? 0) <= this.now();
  }

  /** Whose letters wait. One that is due takes part, but for sends whose outcome is unknown: they come first. */
  held(): ReadonlySet<string> {
    const held = [...this.#waits.keys()].filter((broker) => this.isUnresolved(broker) || !this.isDue(broker));
    return new Set(held);
  }

  /** Nothing else is left to do than to wait for these: until the next one is asked, ms. */
  hurry(held: ReadonlySet<string>): number {
    const waits = [...this.#waits].filter(([broker]) => held.has(broker)).map(([, wait]) => wait);
    for (const wait of waits) wait.nextAt = Math.min(wait.nextAt, wait.soonAt);
    const next = waits.reduce((soonest, { nextAt }) => Math.min(soonest, nextAt), Number.POSITIVE_INFINITY);
    return Number.isFinite(next) ? Math.max(0, next - this.now()) : 0;
  }

  /** Why the job pauses: all that it waits for has been away for too long. Null: it goes on waiting. */
  outOfPatience(): Note | null {
    const waits = [...this.#waits.values()];
    const [first] = waits;
    if (!first || waits.some(({ since }) => this.now() - since <= this.times.patienceMs)) return null;
    if (this.unresolved.size > 0) return { key: 'outcomes_unresolved' };
    const isAlike = waits.every((each) => each.note.key === first.note.key);
    const broker = [...this.#waits.keys()].sort().join(', ');
    return isAlike
      ? { ...first.note, params: { ...first.note.params, broker } }
      : { key: 'broker_unreachable', params: { broker } };
  }

  /** For the job's page, in the order in which they went. */
  told(): Told[] {
    const shown = [...this.#waits].filter(
      ([, { reason, since }]) => reason !== 'busy' || this.now() - since >= BUSY_TOLD_MS,
    );
    return shown
      .map(([broker, { since, reason, note }]) => ({
        broker,
        since,
        reason,
        code: Number(note.params?.code ?? 0) || null,
      }))
      .sort((a, b) => a.since - b.since);
  }

  #wait(broker: string, reason: Wait['reason'], note: Note, tookMs: number): void {
    const now = this.now();
    const before = this.#waits.get(broker);
    const failures = (before?.failures ?? 0) + 1;
    const backOffMs = this.times.backOffMs * Math.min(MOST_TIMES, 2 ** (failures - 1));
    const settledAt = before?.settledAt ?? null;
    // Whatever else goes wrong there: what may still arrive is not looked for before.
    const soonest = settledAt ?? 0;
    this.#waits.set(broker, {
      since: before?.since ?? now,
      // That it lags with its queues says nothing new.
      reason: settledAt !== null && reason === 'busy' ? 'unanswered' : reason,
      note,
      settledAt,
      failures,
      nextAt: Math.max(soonest, now + Math.max(backOffMs, REST_TIMES * tookMs)),
      soonAt: Math.max(soonest, now + backOffMs),
    });
  }
}

export const isOfBroker = (error: unknown): boolean => error instanceof RemotingError || error instanceof RocketMQError;
