import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type {
  JobState,
  jobActInput,
  jobDetail,
  jobItemsReply,
  jobStartInput,
  jobSummary,
  jobsQuery as jobsQuerySchema,
  jobsReply,
} from '@/lib/contract/jobs';
import { apiUrl, getJson, postJson } from './fetcher';
import { pagesOf } from './pages';

const ACTIVE: readonly JobState[] = ['QUEUED', 'RUNNING', 'VERIFYING'];
/** While a job moves, it is asked again this often. */
const JOB_POLL_MS = 1000;
/** A job at rest may be taken up again by somebody else. */
const REST_POLL_MS = 5000;

export type JobsInput = z.input<typeof jobsQuerySchema>;
interface JobInput {
  cluster?: string | undefined;
  id: string;
}

export const isMoving = (state: JobState): boolean => ACTIVE.includes(state);

export const jobListQuery = (input: JobsInput) =>
  queryOptions({
    queryKey: ['jobs', input.cluster, input],
    queryFn: ({ signal }) => getJson<typeof jobsReply>('/api/jobs', input as never, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) =>
      query.state.data?.items.some((job) => isMoving(job.state)) ? JOB_POLL_MS : REST_POLL_MS,
  });

/** The same list page by page. */
export const jobPagesQuery = (input: JobsInput) =>
  infiniteQueryOptions({
    queryKey: ['jobs', input.cluster, 'pages', input],
    ...pagesOf<typeof jobsReply>('/api/jobs', input),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data?.pages.some(({ items }) => items.some((job) => isMoving(job.state))) ? JOB_POLL_MS : REST_POLL_MS,
  });

export const jobDetailQuery = (input: JobInput) =>
  queryOptions({
    queryKey: ['jobs', input.cluster, 'detail', input.id],
    queryFn: ({ signal }) => getJson<typeof jobDetail>('/api/jobs/detail', { ...input }, signal),
    refetchInterval: (query) => (query.state.data && !isMoving(query.state.data.state) ? REST_POLL_MS : JOB_POLL_MS),
  });

/** `state`: asked again while the job writes, and while it is paused, since its copies are judged on. */
export const jobItemsQuery = (input: JobInput & { only: 'exceptions' | 'all' }, state?: JobState) =>
  infiniteQueryOptions({
    refetchInterval: state === 'PAUSED' ? REST_POLL_MS : state && isMoving(state) ? 2 * JOB_POLL_MS : false,
    queryKey: ['jobs', input.cluster, 'items', input.id, input.only],
    ...pagesOf<typeof jobItemsReply>('/api/jobs/items', input),
  });

/** One page of the items, for a report that reads them all. */
export const readJobItems = (input: JobInput & { cursor: string | null }) =>
  getJson<typeof jobItemsReply>('/api/jobs/items', { ...input, only: 'all', limit: 500 });

/** Starts what was planned. The same `key` again starts nothing twice. */
export const startJob = (input: z.input<typeof jobStartInput>, key: string) =>
  postJson<typeof jobSummary>('/api/jobs', input, { 'idempotency-key': key });
export const actOnJob = (act: 'pause' | 'resume' | 'cancel' | 'acknowledge', input: z.input<typeof jobActInput>) =>
  postJson<typeof jobSummary>(`/api/jobs/${act}`, input);
export const jobFileUrl = (input: JobInput): string => apiUrl('/api/jobs/export', { ...input });
