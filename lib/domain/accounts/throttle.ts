/** So many wrong passwords of one person from one place, or of all from one place, and within what time, ms. */
export const TRIES = { perName: 10, perPlace: 50, withinMs: 15 * 60_000 };
/** Places and names kept at most; the oldest are forgotten first. */
const KEPT = 10_000;

/**
 * Counts wrong passwords. By name and place together, so that nobody can lock somebody else out, and by place, so that
 * many names cannot be tried from one. In memory: a restart forgets them.
 */
export class SignInThrottle {
  readonly #wrong = new Map<string, number[]>();

  constructor(private readonly now: () => number = Date.now) {}

  /** How long this name has to wait at this place, ms; 0: may try. Without a name: whoever asks from there. */
  waitMs(name: string | null, place: string): number {
    const ofName = name === null ? 0 : this.#waitOf(`n ${place} ${name}`, TRIES.perName);
    return Math.max(ofName, this.#waitOf(`p ${place}`, TRIES.perPlace));
  }

  /** Counts a try before it is judged, so that tries at the same time are all counted. Answers how many are left. */
  count(name: string | null, place: string): number {
    const at = this.now();
    for (const key of [...(name === null ? [] : [`n ${place} ${name}`]), `p ${place}`]) {
      const times = this.#recent(key);
      this.#wrong.delete(key);
      this.#wrong.set(key, [...times, at]);
    }
    while (this.#wrong.size > KEPT) this.#wrong.delete(this.#wrong.keys().next().value as string);
    return Math.max(0, TRIES.perName - this.#recent(`n ${place} ${name}`).length);
  }

  /** It was right: the name starts anew, and the place gets its try back. */
  forgive(name: string | null, place: string): void {
    this.#wrong.delete(`n ${place} ${name}`);
    const times = this.#recent(`p ${place}`);
    this.#wrong.set(`p ${place}`, times.slice(0, -1));
  }

  #recent(key: string): number[] {
    const since = this.now() - TRIES.withinMs;
    return (this.#wrong.get(key) ?? []).filter((at) => at > since);
  }

  #waitOf(key: string, limit: number): number {
    const times = this.#recent(key);
    const first = times[times.length - limit];
    return first === undefined ? 0 : first + TRIES.withinMs - this.now();
  }
}
