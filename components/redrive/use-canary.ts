import { useState } from 'react';
import type { RedrivePlan, RedriveTarget } from '@/lib/contract/plans';
import { isCanaryUseful } from './care';

/**
 * Whether a redrive begins with a canary: as somebody switched it, else wherever it can be judged. That is what plans say;
 * until the first one of a target has come, copies to the group itself and to their original topics count as judged.
 */
export function useCanary(switched: boolean | null, target: RedriveTarget | null) {
  const [useful, setUseful] = useState<Readonly<Record<string, boolean>>>({});
  const key = JSON.stringify(target);
  return {
    hasCanary: switched ?? useful[key] ?? (target !== null && target.kind !== 'topic'),
    /** What the plan of this target says. */
    learn(plan: RedrivePlan) {
      const isUseful = isCanaryUseful(plan);
      if (useful[key] !== isUseful) setUseful({ ...useful, [key]: isUseful });
    },
  };
}
