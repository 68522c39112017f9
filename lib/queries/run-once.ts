import { queryOptions } from '@tanstack/react-query';
import type { z } from 'zod';
import type { letterRunsQuery as letterRunsQuerySchema, letterRunsReply } from '@/lib/contract/run-once';
import { getJson } from './fetcher';

const ACTIVE_POLL_MS = 1000;

/** Runs of one letter; asked again while one is under way. */
export const letterRunsQuery = (input: z.input<typeof letterRunsQuerySchema>) =>
  queryOptions({
    queryKey: ['letter-runs', input.cluster, input.group, input.id],
    queryFn: ({ signal }) => getJson<typeof letterRunsReply>('/api/dead-letters/runs', { ...input }, signal),
    refetchInterval: ({ state }) => (state.data?.items.some(({ active }) => active) ? ACTIVE_POLL_MS : false),
  });
