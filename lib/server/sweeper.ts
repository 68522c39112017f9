import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import type { BrokerBudget } from '@/lib/domain/snapshot/ask';
import type { Snapshot } from '@/lib/domain/snapshot/snapshot';
import { takeSnapshot } from '@/lib/domain/snapshot/take';
import { log } from './log';

export interface Sweeper {
  /** Begins the loop; called once the runtime exists. */
  start(): void;
  snapshot(): Snapshot | null;
  /** Why the last sweep brought nothing, or null. */
  lastError(): { at: number; message: string } | null;
  /** Resolves after the sweep under way, or a new one, has ended. Single flight. */
  refresh(): Promise<void>;
  stop(): void;
}

const MAX_BACKOFF_MS = 30_000;
/** For a broker that keeps answering, however slowly; one that hangs is given up after seconds. */
const SWEEP_DEADLINE_MS = 60_000;

/** One background sweep per cluster, whatever the number of viewers. Failures back off with jitter and keep the last picture. */
export function startSweeper(
  cluster: string,
  makeCtx: (signal: AbortSignal, deadlineAt: number) => Ctx,
  intervalMs: number,
  budget?: BrokerBudget,
): Sweeper {
  const stopped = new AbortController();
  let current: Snapshot | null = null;
  let error: { at: number; message: string } | null = null;
  let failures = 0;
  let running: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function sweep(): Promise<void> {
    try {
      const ctx = makeCtx(stopped.signal, Date.now() + SWEEP_DEADLINE_MS);
      // Shown as soon as it is there: the store need not have it yet.
      const publish = (snapshot: Snapshot) => {
        current = snapshot;
      };
      current = await takeSnapshot(ctx, current, { budget, publish });
      error = null;
      failures = 0;
    } catch (cause) {
      failures += 1;
      error = { at: Date.now(), message: cause instanceof Error ? cause.message : String(cause) };
      if (failures === 1 && !stopped.signal.aborted) log.warn({ cluster, err: cause }, 'sweep failed');
    }
  }

  function refresh(): Promise<void> {
    running ??= sweep().finally(() => {
      running = null;
    });
    return running;
  }

  async function loop(): Promise<void> {
    await refresh();
    if (stopped.signal.aborted) return;
    const backoff = Math.min(intervalMs * 2 ** Math.min(failures, 6), MAX_BACKOFF_MS) * (0.8 + Math.random() * 0.4);
    timer = setTimeout(() => void loop(), failures ? backoff : intervalMs);
  }
  return {
    start: () => void loop(),
    snapshot: () => current,
    lastError: () => error,
    refresh,
    stop() {
      stopped.abort();
      clearTimeout(timer);
    },
  };
}
