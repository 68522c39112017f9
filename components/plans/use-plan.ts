import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ApiProblem } from '@/lib/queries/fetcher';

/** A plan is made again this long before it expires, so that the button never meets an old one. */
const RENEW_BEFORE_MS = 30_000;
const RENEW_AT_SOONEST_MS = 5_000;

type PlanLike = { expiresAt: number; refused: unknown };

/** The plan of what is chosen now: made when asked for, made again before it expires. `key` names everything it depends on. */
export function usePlan<P extends PlanLike>(key: readonly unknown[], make: () => Promise<P>, enabled = true) {
  return useQuery<P, ApiProblem>({
    queryKey: ['plan', ...key],
    queryFn: make,
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      state.data ? Math.max(RENEW_AT_SOONEST_MS, state.data.expiresAt - Date.now() - RENEW_BEFORE_MS) : false,
  });
}
