import { createLoader, parseAsString, parseAsStringLiteral } from 'nuqs/server';
import { JOB_KINDS } from '@/lib/contract/words';
import type { JobsInput } from '@/lib/queries/jobs';

export const JOB_FILTERS = ['active', 'ended', 'unacknowledged'] as const;

/** Address of /jobs. */
export const jobsParams = {
  cluster: parseAsString,
  q: parseAsString.withDefault(''),
  state: parseAsStringLiteral(JOB_FILTERS),
  kind: parseAsStringLiteral(JOB_KINDS),
  group: parseAsString,
};
export const readJobsParams = createLoader(jobsParams);
type JobsParams = Awaited<ReturnType<typeof readJobsParams>>;

export const jobsInput = ({ cluster, q, state, kind, group }: JobsParams): JobsInput => ({
  cluster: cluster ?? undefined,
  q: q || undefined,
  state: state ?? undefined,
  kind: kind ?? undefined,
  group: group ?? undefined,
  limit: 50,
});

/** How many there are of a kind of state: a page of one, for its total. */
export const countInput = (cluster: string | null, state: (typeof JOB_FILTERS)[number] | undefined): JobsInput => ({
  cluster: cluster ?? undefined,
  state,
  limit: 1,
});

/** Address of /jobs/<id>. */
export const jobParams = {
  cluster: parseAsString,
  items: parseAsStringLiteral(['exceptions', 'all']),
  item: parseAsString,
};
export const readJobParams = createLoader(jobParams);
