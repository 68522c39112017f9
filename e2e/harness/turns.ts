interface Turn {
  alone: boolean;
  begin(): void;
}

/** Who uses the cluster: any number at once, or one alone, in order of asking. */
export class Turns {
  readonly #waiting: Turn[] = [];
  #users = 0;
  #alone = false;

  /** Calls `begin` when it is the caller's turn. What is returned ends it, also before it has begun. */
  enter(alone: boolean, begin: () => void): () => void {
    let state: 'waiting' | 'in' | 'left' = 'waiting';
    const turn: Turn = {
      alone,
      begin: () => {
        state = 'in';
        begin();
      },
    };
    this.#waiting.push(turn);
    this.#next();
    return () => {
      if (state === 'waiting') this.#waiting.splice(this.#waiting.indexOf(turn), 1);
      if (state === 'in') this.#users--;
      if (state === 'in' && alone) this.#alone = false;
      state = 'left';
      this.#next();
    };
  }

  #next(): void {
    for (let first = this.#waiting[0]; first; first = this.#waiting[0]) {
      if (this.#alone || (first.alone && this.#users > 0)) return;
      this.#waiting.shift();
      this.#users++;
      this.#alone = first.alone;
      first.begin();
    }
  }
}
