import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { followCopies } from '@/lib/domain/redrive/follow-copies';
import { log } from './log';

const TURN_MS = 1000;
const DEADLINE_MS = 10_000;

/** Judges what becomes of copies after their job has paused or ended; whether anybody looks does not matter. */
export function startCopyFollower(
  cluster: string,
  makeCtx: (signal: AbortSignal, deadlineAt: number) => Ctx,
  isWorkedOn: (operationId: string) => boolean,
): { start(): void; stop(): void } {
  const stopped = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isFailing = false;

  async function turn(): Promise<void> {
    try {
      await followCopies(makeCtx(stopped.signal, Date.now() + DEADLINE_MS), isWorkedOn);
      isFailing = false;
    } catch (error) {
      if (!isFailing && !stopped.signal.aborted) log.warn({ cluster, err: error }, 'copies could not be judged');
      isFailing = true;
    }
    if (!stopped.signal.aborted) timer = setTimeout(() => void turn(), TURN_MS);
  }

  return {
    start: () => void turn(),
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
