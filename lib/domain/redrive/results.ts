import type { Store } from '@/lib/store/open';
import type { SendOutcome } from './outcome';
import { AGAIN } from './resolve-unknown';

interface Result {
  n: number;
  k: number;
  outcome: SendOutcome;
  at: number;
}

/**
 * Writes what the brokers answered. A commit costs a flush of the disk, whatever it holds: what comes in while one is under
 * way goes into the next together.
 */
export class Results {
  #waiting: Result[] = [];
  #next: Promise<void> | null = null;
  #writing: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<Store, 'batch' | 'attempts' | 'items'>,
    private readonly operationId: string,
    private readonly now: () => number,
  ) {}

  /** Resolves when it is durable. */
  add(n: number, k: number, outcome: SendOutcome): Promise<void> {
    this.#waiting.push({ n, k, outcome, at: this.now() });
    this.#next ??= this.#writing
      .catch(() => {})
      .then(() => {
        this.#writing = this.#commit();
        return this.#writing;
      });
    return this.#next;
  }

  #commit(): Promise<void> {
    const results = this.#waiting;
    this.#waiting = [];
    this.#next = null;
    const { attempts, items } = this.store;
    return this.store.batch([
      attempts.results(this.operationId, results.map(attemptOf)),
      items.results(this.operationId, results.map(itemOf)),
    ]);
  }
}

function attemptOf({ n, k, at, outcome: { state, code, remark, offsetMsgId, queueOffset } }: Result) {
  const isOpen = state === 'UNKNOWN';
  return {
    n,
    k,
    sentAt: at,
    resultCode: code,
    remark,
    offsetMsgId,
    queueOffset,
    resolvedBy: isOpen ? null : ('ANSWER' as const),
    resolvedAt: isOpen ? null : at,
  };
}

function itemOf({ n, outcome: { state, code, next } }: Result) {
  const refused = code === null ? ('not_sendable' as const) : ('refused' as const);
  // What is refused to all pauses the job; whoever resumes it has mended that.
  const mayGo = next === 'again' || (next === 'stop' && code !== null);
  return { n, state, terminalReason: state !== 'REJECTED' ? null : mayGo ? AGAIN : refused };
}
