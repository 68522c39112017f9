import type { Ctx } from '../ctx';
import type { Outcome } from '../mutation';

const RATE_MS = 10_000;
/** Thousands may go out in a second: they are counted together. */
const RATE_STEP_MS = 100;

type Request = { act: 'pause' | 'cancel' | 'stop'; by: string };

/** How others steer a running job. The job asks at every safe point; nobody stops it in the middle of a frame. */
export class JobControl {
  #request: Request | null = null;
  #wake = new AbortController();
  /** By steps of {@link RATE_STEP_MS}, oldest first. */
  readonly #sent: { at: number; count: number }[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Asks the job to end at its next safe point. A cancel overrules a pause, and a stop overrules neither. */
  request(act: Request['act'], by: string): void {
    if (this.#request?.act === 'cancel' || (this.#request && act === 'stop')) return;
    this.#request = { act, by };
    this.#wake.abort();
  }

  /** Who asked; empty: nobody. */
  get askedBy(): string {
    return this.#request?.by ?? '';
  }

  /** Call between two items: `pause` and `cancel` mean end now, by {@link paused} or {@link cancelled}. */
  checkpoint(): 'go' | 'pause' | 'cancel' {
    if (!this.#request) return 'go';
    return this.#request.act === 'cancel' ? 'cancel' : 'pause';
  }

  /** Resolves after `ms`, or at once when the job is asked to end. */
  wait(ms: number): Promise<void> {
    const { signal } = this.#wake;
    if (signal.aborted || ms <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      signal.addEventListener('abort', finish, { once: true });
    });
  }

  paused(counts: Record<string, number>): Outcome {
    const error =
      this.#request?.act === 'stop' ? { key: SERVER_STOPPED } : { key: 'paused_by', params: { by: this.askedBy } };
    return { state: 'PAUSED', counts, error };
  }

  cancelled(counts: Record<string, number>, key = 'cancelled_by'): Outcome {
    return { state: 'CANCELLED', counts, error: { key, params: { by: this.askedBy } } };
  }

  /** Counts messages that went out, for {@link ratePerSecond}. */
  sent(count = 1): void {
    const now = this.now();
    const last = this.#sent.at(-1);
    if (last && now - last.at < RATE_STEP_MS) {
      last.count += count;
      return;
    }
    this.#sent.push({ at: now, count });
    this.#forget();
  }

  /** Messages per second over the last {@link RATE_MS}; null when none went out. */
  ratePerSecond(): number | null {
    this.#forget();
    const first = this.#sent[0];
    if (!first) return null;
    const seconds = Math.max(1, (this.now() - first.at) / 1000);
    return Math.round((this.#sent.reduce((sum, { count }) => sum + count, 0) / seconds) * 10) / 10;
  }

  #forget(): void {
    const since = this.now() - RATE_MS;
    while (this.#sent[0] && this.#sent[0].at < since) this.#sent.shift();
  }
}

/** Note of a job that a clean shutdown paused: it goes on by itself after the restart. */
export const SERVER_STOPPED = 'server_stopped';

/** The context of a job's run, on top of what every verb has. */
export interface JobCtx extends Ctx {
  readonly job: {
    readonly control: JobControl /** Folder that exports and purges write to; exists. */;
    readonly exportsDir: string;
  };
}

/** For the `run` of a mutation: the job runner always passes a {@link JobCtx}. */
export function jobOf(ctx: Ctx): JobCtx['job'] {
  const { job } = ctx as Partial<JobCtx>;
  if (!job) throw new Error('This write runs as a job only.');
  return job;
}
