export class Mutex {
  #isLocked = false;
  readonly #waiting: (() => void)[] = [];

  get isLocked(): boolean {
    return this.#isLocked;
  }

  lock(): Promise<void> {
    if (!this.#isLocked) {
      this.#isLocked = true;
      return Promise.resolve();
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  unlock(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#isLocked = false;
  }
}
