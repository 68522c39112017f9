import type { Item } from '@/lib/store/items';
import { AGAIN } from './resolve-unknown';
import type { RedriveRun } from './run-context';

/** Letters that get their item in one commit. */
const LISTED_AT_ONCE = 1024;
/** Bodies of one window, which lie in memory together; one letter goes whatever its size. */
const WINDOW_BYTES = 32 * 1024 * 1024;

/** Letters that can go next: those that were not stored, then those that were not tried yet. What needs a broker that is waited for stays. */
export class NextItems {
  /** By the brokers that are waited for: every untried letter up to here needs one of them, and none becomes untried again. */
  readonly #passed = new Map<string, number>();
  /** Items that are made while the window before them is sent. */
  #listing: Promise<number> | null = null;

  constructor(private readonly run: RedriveRun) {}

  /** To be called before the job rests: nothing of it is written behind its back. */
  async end(): Promise<void> {
    await this.#listing?.catch(() => {});
  }

  async take(limit: number, held: ReadonlySet<string>): Promise<Item[]> {
    const again = await this.#again(limit, held);
    const fresh = again.length < limit ? await this.#untried(limit - again.length, held) : [];
    return this.#within(WINDOW_BYTES, [...again, ...fresh]);
  }

  async #again(limit: number, held: ReadonlySet<string>): Promise<Item[]> {
    const { ctx, operation } = this.run;
    const found: Item[] = [];
    for (let afterN = -1; ; ) {
      const page = await ctx.store.items.page(operation.id, { states: ['REJECTED'], reason: AGAIN, afterN, limit });
      found.push(...page.filter((item) => !this.#waits(item, held)));
      if (found.length >= limit || page.length < limit) return found.slice(0, limit);
      afterN = page.at(-1)?.n ?? afterN;
    }
  }

  async #untried(limit: number, held: ReadonlySet<string>): Promise<Item[]> {
    const { ctx, operation } = this.run;
    const key = [...held].sort().join(' ');
    // Many that wait are passed over in few steps.
    const atOnce = held.size === 0 ? limit + 1 : Math.max(limit + 1, LISTED_AT_ONCE);
    const found: Item[] = [];
    for (let afterN = this.#passed.get(key) ?? -1; ; ) {
      const page = await ctx.store.items.page(operation.id, { states: ['SELECTED'], afterN, limit: atOnce });
      for (const item of page) {
        if (!this.#waits(item, held)) found.push(item);
        else if (found.length === 0) this.#passed.set(key, item.n);
        if (found.length === limit) break;
      }
      if (found.length === limit) {
        if (page.length < atOnce) this.#listAhead();
        return found;
      }
      if (page.length < atOnce && (await this.#list()) === 0) return found;
      afterN = page.at(-1)?.n ?? afterN;
    }
  }

  #listAhead(): void {
    this.#listing ??= this.run.letters.next(LISTED_AT_ONCE).then((made) => {
      this.#listing = null;
      return made;
    });
    // What broke stays, and is told by the next take.
    this.#listing.catch(() => {});
  }

  async #list(): Promise<number> {
    const listing = this.#listing ?? this.run.letters.next(LISTED_AT_ONCE);
    this.#listing = null;
    return listing;
  }

  #waits(item: Item, held: ReadonlySet<string>): boolean {
    return held.size > 0 && (held.has(item.srcBroker) || held.has(this.run.letters.targetOf(item).broker));
  }

  async #within(mostBytes: number, items: Item[]): Promise<Item[]> {
    const bytesOf = await this.run.letters.sizes(items);
    let bytes = 0;
    const over = items.findIndex((item, index) => {
      bytes += bytesOf(item);
      return index > 0 && bytes > mostBytes;
    });
    return over < 0 ? items : items.slice(0, over);
  }
}
