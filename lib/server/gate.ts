import 'server-only';

/** So many are inside at a time; some more wait in the order they came, for a while. */
export class Gate {
  #inside = 0;
  readonly #waiting = new Set<() => void>();

  constructor(
    readonly size: number,
    private readonly maxWaiting: number,
  ) {}

  /** False: too many wait already, or it was not its turn within `waitMs`. Who came in has to leave. */
  enter(waitMs: number): Promise<boolean> | true {
    if (this.#inside < this.size) {
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
        resolve(true);
      };
      this.#waiting.add(admit);
    });
  }

  leave(): void {
    const [next] = this.#waiting;
    if (!next) this.#inside -= 1;
    else {
      this.#waiting.delete(next);
      next();
    }
  }

  get isEmpty(): boolean {
    return this.#inside === 0 && this.#waiting.size === 0;
  }
}
