import 'server-only';
import { type Asker, isGuest } from './asker';
import { busyLoop } from './busy-loop';
import { Gate } from './gate';
import { LimitReached } from './limit-reached';
import type { LimitSettings } from './limit-settings';

/** Seconds of its rate that an account may save up: a browser asks for much at once and then for little. */
const BURST_S = 6;
/** Waiting requests per place inside, and how long they wait, ms. */
const WAITING = { perPlace: 4, ms: 10_000 };
/** Places of an account while the event loop cannot keep up: more would only make everybody else wait longer. */
const PLACES_WHEN_BUSY = 1;
/** Of who has not signed in, in all: they cannot take the places of those who have. */
const GUESTS_SHARE = 0.25;
/**
 * A refusal is told so late, ms, that somebody who asks again at once does not keep the console busy with refusing: the
 * later, the more of them wait to be told; so many are kept waiting.
 */
const REFUSAL = { ms: 1_000, moreMs: 25, most: 1_000 };
/** Accounts, addresses and credentials that are remembered; others than those at work are forgotten first. */
const KEPT = 10_000;

interface Account {
  gate: Gate;
  tokens: number;
  filledAt: number;
  streams: number;
}

/** How much is asked of the console at a time and per second, by whom, and by all together (safety C40). */
export class Limits {
  readonly #accounts = new Map<Asker, Account>();
  readonly #owners = new Map<string, Asker>();
  readonly #all: Gate;
  readonly #guests: Gate;
  #streams = 0;
  #held = 0;

  constructor(
    private readonly settings: LimitSettings,
    private readonly now: () => number = Date.now,
    private readonly isBusy: () => boolean = busyLoop(),
  ) {
    const { requests } = settings;
    const guests = Math.ceil(requests * GUESTS_SHARE);
    this.#all = new Gate(() => requests, WAITING.perPlace * requests);
    this.#guests = new Gate(() => guests, WAITING.perPlace * guests);
  }

  /** Whose a credential was when it last let somebody in: known without asking the store. */
  ownerOf(credentialHash: string): Asker | undefined {
    return this.#owners.get(credentialHash);
  }

  remember(credentialHash: string, owner: Asker): void {
    this.#owners.set(credentialHash, owner);
    if (this.#owners.size > KEPT) this.#owners.delete(this.#owners.keys().next().value as string);
  }

  /** Counts a request, as so many. `LimitReached` when that is more than the rate allows. */
  count(asker: Asker, weight = 1): void {
    const { userRate } = this.settings;
    if (!this.#take(this.#accountOf(asker), weight)) throw tooMany('limit_rate', userRate, weight / userRate);
  }

  /** Waits for a place; what it answers gives it back. `LimitReached`. */
  async enter(asker: Asker): Promise<() => void> {
    const account = this.#accountOf(asker);
    const { userRequests } = this.settings;
    if (!(await account.gate.enter(WAITING.ms))) throw tooMany('limit_requests', userRequests, 1);
    const all = isGuest(asker) ? this.#guests : this.#all;
    if (!(await all.enter(WAITING.ms))) {
      account.gate.leave();
      throw busy('limit_busy', all.room());
    }
    return once(() => {
      all.leave();
      account.gate.leave();
    });
  }

  /** A stream lasts longer than a request; what it answers ends it. `LimitReached`. */
  openStream(asker: Asker): () => void {
    const account = this.#accountOf(asker);
    const { userStreams, streams } = this.settings;
    if (account.streams >= userStreams) throw tooMany('limit_streams', userStreams, 5);
    if (this.#streams >= streams) throw busy('limit_all_streams', streams);
    account.streams += 1;
    this.#streams += 1;
    return once(() => {
      account.streams -= 1;
      this.#streams -= 1;
    });
  }

  /** To be awaited before an error is told. */
  async holdBack(error: unknown): Promise<void> {
    if (!(error instanceof LimitReached) || !error.isOwn || this.#held >= REFUSAL.most) return;
    this.#held += 1;
    await new Promise((resolve) => setTimeout(resolve, REFUSAL.ms + REFUSAL.moreMs * (this.#held - 1)));
    this.#held -= 1;
  }

  #take(account: Account, weight: number): boolean {
    const { userRate } = this.settings;
    const at = this.now();
    const saved = account.tokens + ((at - account.filledAt) / 1000) * userRate;
    account.tokens = Math.min(userRate * BURST_S, saved);
    account.filledAt = at;
    if (account.tokens < weight) return false;
    account.tokens -= weight;
    return true;
  }

  #accountOf(asker: Asker): Account {
    const known = this.#accounts.get(asker);
    if (known) return known;
    if (this.#accounts.size >= KEPT) this.#forget();
    const { userRate, userRequests } = this.settings;
    const fresh: Account = {
      gate: new Gate(() => (this.isBusy() ? PLACES_WHEN_BUSY : userRequests), WAITING.perPlace * userRequests),
      tokens: userRate * BURST_S,
      filledAt: this.now(),
      streams: 0,
    };
    this.#accounts.set(asker, fresh);
    return fresh;
  }

  #forget(): void {
    for (const [asker, { gate, streams }] of this.#accounts) {
      if (this.#accounts.size < KEPT / 2) return;
      if (gate.isEmpty && streams === 0) this.#accounts.delete(asker);
    }
  }
}

function once(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    act();
  };
}

const tooMany = (key: string, max: number, afterS: number) =>
  new LimitReached(key, { max, retryAfterS: Math.max(1, Math.ceil(afterS)) }, true);
const busy = (key: string, max: number) => new LimitReached(key, { max, retryAfterS: 5 }, false);
