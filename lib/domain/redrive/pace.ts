import type { RedriveProgress } from '@/lib/contract/jobs';

type Speed = RedriveProgress['speed'];

const SMALL_WINDOW = 20;
const LARGE_WINDOW = 1024;
const SHORTEST_MS = 2;
const SLOW_MS = 500;
/** Fewer say nothing: one pause of a garbage collector would be their 95th percentile. */
const ENOUGH = 20;
const REMEMBERED = 100;
/** Bodies on the wire; a few large ones would take from a cluster what a thousand small ones do not. */
const MOST_BYTES_PER_S = 16 * 1024 * 1024;
const RECOVER_EVERY_MS = 5000;
const BUSY = new Set([2, 215]);

/**
 * Token bucket: at most so many messages a second, at most 16 MiB of bodies, and never more at once than one window. The speed is halved when a
 * broker is busy (codes 2 and 215) or slow to answer (p95 above 500 ms), and comes back by a tenth every five seconds.
 */
export class Pace {
  #nextAt = 0;
  #changedAt: number;
  #tookMs: number[] = [];
  #rate: number;
  #slowed: Speed['slowed'];

  constructor(
    private readonly planned: number,
    private readonly sleep: (ms: number) => Promise<void>,
    private readonly now: () => number,
    before: Speed | null = null,
  ) {
    this.#rate = before?.slowed ? before.rate : planned;
    this.#slowed = before?.slowed ?? null;
    this.#changedAt = now();
  }

  /** Messages that are sent between two looks at the journal: a twenty-fifth of a second, or twenty of few. */
  get window(): number {
    return Math.max(
      1,
      Math.min(this.#rate, Math.max(SMALL_WINDOW, Math.min(LARGE_WINDOW, Math.floor(this.#rate / 25)))),
    );
  }

  get speed(): Speed {
    return { rate: this.#rate, planned: this.planned, slowed: this.#slowed };
  }

  /** Resolves when the next message may go, which has a body of so many bytes. */
  async take(bytes: number): Promise<void> {
    const at = Math.max(this.now(), this.#nextAt);
    this.#nextAt = at + 1000 * Math.max(1 / this.#rate, bytes / MOST_BYTES_PER_S);
    const wait = at - this.now();
    // A timer takes a millisecond and more.
    if (wait >= SHORTEST_MS) await this.sleep(wait);
  }

  /** Looks at the answers to one window; true when the speed is another one now. */
  learn(sent: readonly { code: number | null; tookMs: number }[]): boolean {
    this.#tookMs.push(...sent.map(({ tookMs }) => tookMs));
    this.#tookMs.splice(0, this.#tookMs.length - REMEMBERED);
    const busy = sent.find(({ code }) => code !== null && BUSY.has(code));
    const p95Ms = this.#p95Ms();
    if (busy) return this.#change(halfOf(this.#rate), { key: 'busy', code: busy.code, p95Ms: null });
    if (p95Ms > SLOW_MS) return this.#change(halfOf(this.#rate), { key: 'slow', code: null, p95Ms });
    if (!this.#slowed || this.now() - this.#changedAt < RECOVER_EVERY_MS) return false;
    const rate = Math.min(this.planned, this.#rate + Math.max(1, Math.floor(this.planned / 10)));
    return this.#change(rate, rate === this.planned ? null : this.#slowed);
  }

  #p95Ms(): number {
    if (this.#tookMs.length < ENOUGH) return 0;
    const sorted = [...this.#tookMs].sort((a, b) => a - b);
    return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
  }

  #change(rate: number, slowed: Speed['slowed']): boolean {
    this.#rate = rate;
    this.#slowed = slowed;
    this.#changedAt = this.now();
    // What was measured at the old speed says nothing about the new one.
    this.#tookMs = [];
    return true;
  }
}

const halfOf = (rate: number): number => Math.max(1, Math.floor(rate / 2));
