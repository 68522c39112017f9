import type { ResetPlan } from '@/lib/contract/plans';
import type { PlanDraft } from '../jobs/job-spec';

/** One queue of a confirmed plan. */
export interface ResetInputQueue {
  broker: string;
  queueId: number;
  committedOffset: number | null;
  minOffset: number;
  maxOffset: number;
  targetOffset: number;
  targetStoredAt: number | null;
  path: 'server' | 'offset';
}

/** What a reset is started with: the plan as it was confirmed. */
export interface ResetInput {
  group: string;
  topic: string;
  to: ResetPlan['to'];
  /** Messages a queue's committed offset may have drifted since the plan. */
  driftTolerance: number;
  queues: ResetInputQueue[];
}

export function resetInput({ group, topic, to, driftTolerance, queues }: PlanDraft<ResetPlan>): ResetInput {
  return {
    group,
    topic,
    to,
    driftTolerance,
    queues: queues.map((queue) => {
      if (queue.path === null)
        throw new Error(`${queue.broker} takes no explicit offsets: the plan should have been refused.`);
      const { broker, queueId, committedOffset, minOffset, maxOffset, targetOffset, targetStoredAt, path } = queue;
      return { broker, queueId, committedOffset, minOffset, maxOffset, targetOffset, targetStoredAt, path };
    }),
  };
}
