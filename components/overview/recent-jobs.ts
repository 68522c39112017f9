import type { JobsInput } from '@/lib/queries/jobs';

const SHOWN = 5;

/** What the server prefetches and the panel asks: the newest jobs. */
export const recentJobs = (cluster: string | undefined): JobsInput => ({ cluster, limit: SHOWN });
