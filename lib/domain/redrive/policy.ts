import type { RedriveProgress } from '@/lib/contract/jobs';
import { BRAKE, CANARY_STAGES } from '@/lib/contract/words';
import type { Operation } from '@/lib/store/operations';
import type { RedriveInput } from './input';

/** What a redrive has learnt on its way; kept in the journal, so that no pause, restart or crash makes it forget. */
export interface RedrivePolicy extends RedriveProgress {
  /** Items of canary stages that are over. */
  passed: number[];
  /** Items that failed again and were seen by whoever resumed the job. */
  accepted: number[];
  /** Copies sent before do not count for the brake: somebody resumed the job knowing what had failed. Epoch ms. */
  brakeFrom: number;
}

export function newPolicy({ rate, canary, lagLimit }: RedriveInput): RedrivePolicy {
  return {
    canary: canary
      ? {
          stage: 1,
          stages: [...CANARY_STAGES],
          sent: 0,
          consumed: 0,
          failed: 0,
          waitMs: canary.waitMs,
          waitingSince: null,
        }
      : null,
    brake: { failed: 0, judged: 0, limit: brakeLimit(0), lag: null, lagLimit: lagLimit ?? null },
    speed: { rate, planned: rate, slowed: null },
    waiting: null,
    passed: [],
    accepted: [],
    brakeFrom: 0,
  };
}

/** The policy of a job as the journal has it; that of one begun by an older version is made from its input. */
export function policyOf({ policyJson, inputJson }: Pick<Operation, 'policyJson' | 'inputJson'>): RedrivePolicy {
  if (policyJson !== null) return JSON.parse(policyJson) as RedrivePolicy;
  return newPolicy(JSON.parse(inputJson) as RedriveInput);
}

export function progressOf(operation: Pick<Operation, 'policyJson' | 'state'>): RedriveProgress | null {
  if (operation.policyJson === null) return null;
  const { canary, brake, speed, waiting = null } = JSON.parse(operation.policyJson) as RedrivePolicy;
  // A job at rest waits for nobody but a person.
  const isGoing = operation.state === 'RUNNING' || operation.state === 'VERIFYING';
  return { canary, brake, speed, waiting: isGoing ? waiting : null };
}

/** So many copies may fail again of those judged; one more pulls the brake (safety §5.5). */
export const brakeLimit = (judged: number): number =>
  Math.max(BRAKE.failedAtLeast, Math.floor((judged * BRAKE.failedPercent) / 100));
