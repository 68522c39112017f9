'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useCallback } from 'react';
import { DefaultClusterProvider, useCluster } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import type { ClusterSummary } from '@/lib/contract/clusters';
import { useT } from '@/lib/i18n/use-t';
import { clustersQuery, namesQuery } from '@/lib/queries/clusters';
import { useSnapshotRefresh } from '@/lib/queries/snapshot-refresh';
import { AppShell } from './app-shell';
import { useLive } from './live';
import type { PaletteSearch } from './palette';

const MAX_HITS = 8;

/** The frame of every page, filled from the cluster list; refreshes what is on screen when a snapshot moves on. */
export function ConnectedShell({ children }: { children: ReactNode }) {
  const { data } = useQuery(clustersQuery());
  return (
    <DefaultClusterProvider value={data?.items[0]?.name ?? null}>
      <Filled clusters={data?.items ?? []}>{children}</Filled>
    </DefaultClusterProvider>
  );
}

function Filled({ clusters, children }: { clusters: readonly ClusterSummary[]; children: ReactNode }) {
  const t = useT('shell');
  const f = useFormat();
  const { isLive } = useLive();
  const name = useCluster();
  const client = useQueryClient();
  useSnapshotRefresh(name ?? undefined, isLive);
  const current = clusters.find((cluster) => cluster.name === name);
  const search = useCallback<PaletteSearch>(
    async (text, cluster) => {
      const names = await client.fetchQuery(namesQuery(cluster ?? undefined));
      return [
        ...best(names.groups, text).map((hit) => ({ kind: 'group' as const, name: hit })),
        ...best(names.topics, text).map((hit) => ({ kind: 'topic' as const, name: hit })),
      ];
    },
    [client],
  );
  return (
    <AppShell
      clusters={clusters.map((cluster) => ({ name: cluster.name, env: cluster.env, summary: summaryOf(cluster, t) }))}
      counts={
        current
          ? {
              overview: { text: f.count(current.counts.findings) },
              topics: { text: f.count(current.counts.topics) },
              groups: {
                text: f.count(current.counts.notConsuming || current.counts.groups),
                hot: current.counts.notConsuming > 0,
              },
              deadLetters: current.counts.deadLetters === null ? null : { text: f.count(current.counts.deadLetters) },
              jobs: current.counts.activeJobs > 0 ? { text: f.count(current.counts.activeJobs) } : null,
            }
          : {}
      }
      freshness={
        current
          ? {
              at: current.asOf,
              nodes: current.brokers.map((broker) => ({ name: broker.name, state: NODE_STATES[broker.state] })),
            }
          : undefined
      }
      search={search}
    >
      {children}
    </AppShell>
  );
}

const NODE_STATES = { ok: 'ok', stale: 'slow', silent: 'silent' } as const;

function summaryOf(cluster: ClusterSummary, t: ReturnType<typeof useT<'shell'>>): string {
  const replicas = cluster.brokers.reduce((sum, broker) => sum + broker.replicas, 0);
  const versions = [...new Set(cluster.brokers.flatMap((broker) => broker.version ?? []))];
  return t('clusterSummary', {
    masters: cluster.brokers.length,
    slaves: replicas,
    versions: versions.map(plainVersion).join(', ') || '?',
  });
}

/** `V5_5_0` → `5.5.0`. */
const plainVersion = (version: string): string => version.replace(/^V/, '').replaceAll('_', '.');

/** Names that begin with the text first, then those that hold it. */
function best(names: readonly string[], text: string): string[] {
  const wanted = text.toLowerCase();
  if (!wanted) return [];
  const holding = names.filter((name) => name.toLowerCase().includes(wanted));
  const rank = (name: string) => name.toLowerCase().indexOf(wanted);
  return holding.sort((a, b) => rank(a) - rank(b) || a.length - b.length).slice(0, MAX_HITS);
}
