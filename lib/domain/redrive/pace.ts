/** Token bucket: at most `rate` messages a second, and never more at once than one window. */
export class Pace {
  readonly window: number;
  #nextAt = 0;

  constructor(
    private readonly rate: number,
    private readonly sleep: (ms: number) => Promise<void>,
    private readonly now: () => number,
  ) {
    this.window = Math.max(1, Math.min(20, rate));
  }

  /** Resolves when the next message may go. */
  async take(): Promise<void> {
    const at = Math.max(this.now(), this.#nextAt);
    this.#nextAt = at + 1000 / this.rate;
    const wait = at - this.now();
    if (wait > 0) await this.sleep(wait);
  }
}
