import { RemotingError } from './errors';

/** Until when, and unless cancelled before. Every call of this layer takes one and adds no time of its own. */
export interface Within {
  /** Epoch ms. */
  deadlineAt: number;
  signal?: AbortSignal | undefined;
}

/** Until then, ms, as a timer takes it: beyond 2^31 it would fire at once. */
export const timerMs = (deadlineAt: number): number => Math.min(2 ** 31 - 1, Math.max(0, deadlineAt - Date.now()));

/** Settles like `shared`, or rejects with TIMEOUT or ABORTED (`sent: false`), leaving `shared` to run on for others. */
export function waitWithin<T>(shared: Promise<T>, within: Within, address: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const { signal, deadlineAt } = within;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    const fail = (kind: 'ABORTED' | 'TIMEOUT', message: string) =>
      finish(() => reject(new RemotingError(kind, address, message, false)));
    const onAbort = () => fail('ABORTED', `the request to ${address} was cancelled`);
    const timer = setTimeout(
      () => fail('TIMEOUT', `no connection to ${address} within the deadline`),
      timerMs(deadlineAt),
    );
    shared.then(
      (value) => finish(() => resolve(value)),
      (error) => finish(() => reject(error)),
    );
    if (signal?.aborted) onAbort();
    else signal?.addEventListener('abort', onAbort, { once: true });
  });
}
