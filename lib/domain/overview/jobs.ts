import type { JobSummary } from '@/lib/contract/jobs';
import type { Ctx } from '../ctx';
import { listJobs } from '../jobs/list';

export interface OverviewJobs {
  active: JobSummary[];
  /** Ended otherwise than planned, and nobody has said that they saw it. */
  unacknowledged: JobSummary[];
}

const SHOWN = 50;

/** Jobs that somebody should look at. A store that does not answer shows none, and says so in the log. */
export async function loadOverviewJobs(ctx: Ctx): Promise<OverviewJobs> {
  try {
    const [active, ended] = await Promise.all([
      listJobs(ctx, { state: 'active', limit: SHOWN }),
      listJobs(ctx, { state: 'unacknowledged', limit: SHOWN }),
    ]);
    return {
      active: active.items,
      unacknowledged: ended.items.filter(({ state }) => state === 'PARTIAL' || state === 'FAILED'),
    };
  } catch (error) {
    ctx.log.warn({ cluster: ctx.cluster, err: error }, 'jobs could not be read');
    return { active: [], unacknowledged: [] };
  }
}
