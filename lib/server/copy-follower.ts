import 'server-only';
import type { Ctx } from '@/lib/domain/ctx';
import { followCopies } from '@/lib/domain/redrive/follow-copies';
import { startTurns, type Turns } from './turns';

const REST_MS = 1000;
const TURN_MS = 10_000;

/** Judges what becomes of copies after their job has paused or ended; whether anybody looks does not matter. */
export const startCopyFollower = (
  cluster: string,
  makeCtx: (signal: AbortSignal, deadlineAt: number) => Ctx,
  isWorkedOn: (operationId: string) => boolean,
): Turns =>
  startTurns(cluster, makeCtx, {
    turn: (ctx) => followCopies(ctx, isWorkedOn),
    turnMs: TURN_MS,
    restMs: () => REST_MS,
    failed: 'copies could not be judged',
  });
