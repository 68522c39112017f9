import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { clustersQuery, POLL_MS } from './clusters';

/**
 * Polls the small cluster list and, when a cluster's snapshot has moved on, asks again what is on screen.
 * Keys of what is read from a cluster begin with `['snapshot', cluster]`.
 */
export function useSnapshotRefresh(cluster: string | undefined, isLive: boolean): void {
  const client = useQueryClient();
  const { data } = useQuery({ ...clustersQuery(), refetchInterval: isLive && POLL_MS });
  const version = data?.items.find((item) => cluster === undefined || item.name === cluster)?.version;
  const seen = useRef(version);
  useEffect(() => {
    // An answer that was under way when the page was paused waits until it is live again.
    if (!isLive || version === undefined || version === seen.current) return;
    const isFirst = seen.current === undefined;
    seen.current = version;
    if (!isFirst) void client.invalidateQueries({ queryKey: ['snapshot'] });
  }, [client, isLive, version]);
}
