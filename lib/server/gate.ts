import 'server-only';

/** So many are inside at a time; some more wait in the order they came, for a while. */
export class Gate {
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    /** How many may be inside now. */
    readonly room: () => number,
    private readonly maxWaiting: number,
  ) {}

  /** False: too many wait already, or it was not its turn within `waitMs`. Who came in has to leave. */
  enter(waitMs: number): Promise<boolean> | true {
    if (this.#inside < this.room()) {
      this.#inside += 1;
      return true;
    }
    if (this.#waiting.size >= this.maxWaiting) return Promise.resolve(false);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(admit);
        resolve(false);
      }, waitMs);
      const admit = () => {
        clearTimeout(timer);
        this.#waiting.delete(admit);
        this.#inside += 1;
        resolve(true);
      };
      this.#waiting.add(admit);
    });
  }

  leave(): void {
    this.#inside -= 1;
    for (const admit of this.#waiting) {
      if (this.#inside >= this.room()) return;
      admit();
    }
  }

  get isEmpty(): boolean {
    return this.#inside === 0 && this.#waiting.size === 0;
  }
}
