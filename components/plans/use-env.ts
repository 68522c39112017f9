import { useQuery } from '@tanstack/react-query';
import { clustersQuery } from '@/lib/queries/clusters';

/** Environment tag of a cluster, PROD for one. */
export const useEnv = (cluster: string | null): string | null =>
  useQuery({ ...clustersQuery(), select: ({ items }) => items.find(({ name }) => name === cluster)?.env ?? null })
    .data ?? null;
