import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import {
  type JobState,
  type jobActInput,
  jobDetail,
  jobItemsReply,
  type jobStartInput,
  jobSummary,
  type jobsQuery as jobsQuerySchema,
  jobsReply,
} from '@/lib/contract/jobs';
import { apiUrl, getJson, postJson } from './fetcher';

const ACTIVE: readonly JobState[] = ['QUEUED', 'RUNNING', 'VERIFYING'];
/** While a job moves, it is asked again this often. */
const JOB_POLL_MS = 1000;

export type JobsInput = z.input<typeof jobsQuerySchema>;
interface JobInput {
  cluster?: string | undefined;
  id: string;
}

export const isMoving = (state: JobState): boolean => ACTIVE.includes(state);

export const jobListQuery = (input: JobsInput) =>
  queryOptions({
    queryKey: ['jobs', input.cluster, input],
    queryFn: ({ signal }) => getJson('/api/jobs', input as never, jobsReply, signal),
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.items.some((job) => isMoving(job.state)) ? JOB_POLL_MS : 5000),
  });

export const jobDetailQuery = (input: JobInput) =>
  queryOptions({
    queryKey: ['jobs', input.cluster, 'detail', input.id],
    queryFn: ({ signal }) => getJson('/api/jobs/detail', { ...input }, jobDetail, signal),
    refetchInterval: (query) => (query.state.data && !isMoving(query.state.data.state) ? false : JOB_POLL_MS),
  });

export const jobItemsQuery = (input: JobInput & { only: 'exceptions' | 'all' }) =>
  infiniteQueryOptions({
    queryKey: ['jobs', input.cluster, 'items', input.id, input.only],
    queryFn: ({ signal, pageParam }) =>
      getJson('/api/jobs/items', { ...input, cursor: pageParam }, jobItemsReply, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.nextCursor,
  });

/** Starts what was planned. The same `key` again starts nothing twice. */
export const startJob = (input: z.input<typeof jobStartInput>, key: string) =>
  postJson('/api/jobs', input, jobSummary, { 'idempotency-key': key });
export const actOnJob = (act: 'pause' | 'resume' | 'cancel' | 'acknowledge', input: z.input<typeof jobActInput>) =>
  postJson(`/api/jobs/${act}`, input, jobSummary);
export const jobFileUrl = (input: JobInput): string => apiUrl('/api/jobs/export', { ...input });
