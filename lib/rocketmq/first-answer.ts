import { RocketMQError } from './errors';

/**
 * Asks one server, and the next as soon as one fails or stays silent for `hedgeMs`; the first success wins and the
 * rest are cancelled. When none succeeds, what a server answered outweighs that another could not be reached, and
 * nobody is waited for longer than `hedgeMs` once there is such an answer.
 */
export function firstAnswer<T>(
  servers: readonly string[],
  ask: (server: string, signal: AbortSignal) => Promise<T>,
  hedgeMs = 300,
): Promise<T> {
  const losers = new AbortController();
  return new Promise<T>((resolve, reject) => {
    let asked = 0;
    let failed = 0;
    let best: unknown;
    let timer: NodeJS.Timeout | undefined;
    const arm = () => {
      clearTimeout(timer);
      timer = setTimeout(next, hedgeMs);
    };
    const end = (settle: () => void) => {
      clearTimeout(timer);
      settle();
      losers.abort();
    };
    const next = () => {
      const server = servers[asked];
      if (server === undefined) {
        if (best instanceof RocketMQError) end(() => reject(best));
        return;
      }
      asked += 1;
      arm();
      ask(server, losers.signal).then(
        (answer) => end(() => resolve(answer)),
        (error) => {
          failed += 1;
          if (!(best instanceof RocketMQError)) best = error;
          if (failed === servers.length) end(() => reject(best));
          else if (asked < servers.length) next();
          else arm();
        },
      );
    };
    next();
  });
}
