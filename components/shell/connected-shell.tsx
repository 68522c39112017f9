'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { type ReactNode, useCallback } from 'react';
import { Banner } from '@/components/shared/banner';
import { DefaultClusterProvider, useCluster } from '@/components/shared/cluster-link';
import { useCause } from '@/components/shared/use-cause';
import { useFormat } from '@/components/shared/use-format';
import type { ClusterSummary } from '@/lib/contract/clusters';
import { formatCount } from '@/lib/format/numbers';
import { type T, useT } from '@/lib/i18n/use-t';
import { clustersQuery, namesQuery } from '@/lib/queries/clusters';
import { useSnapshotRefresh } from '@/lib/queries/snapshot-refresh';
import { AppShell } from './app-shell';
import { findNames } from './find-names';
import { useLive } from './live';
import type { PaletteSearch } from './use-hits';

const SessionWatch = dynamic(() => import('@/components/accounts/session-watch').then((m) => m.SessionWatch), {
  ssr: false,
});

/** The frame of every page, filled from the cluster list; refreshes what is on screen when a snapshot moves on. */
export function ConnectedShell({ children }: { children: ReactNode }) {
  const { data, isRefetchError, dataUpdatedAt } = useQuery(clustersQuery());
  return (
    <DefaultClusterProvider value={data?.items[0]?.name ?? null}>
      <Filled clusters={data?.items ?? []} silentSince={isRefetchError ? dataUpdatedAt : null}>
        {children}
      </Filled>
    </DefaultClusterProvider>
  );
}

function Filled({
  clusters,
  silentSince,
  children,
}: {
  clusters: readonly ClusterSummary[];
  /** When this console answered last, epoch ms, if it does not any more. */
  silentSince: number | null;
  children: ReactNode;
}) {
  const t = useT('shell');
  const f = useFormat();
  const { isLive } = useLive();
  const name = useCluster();
  const client = useQueryClient();
  useSnapshotRefresh(name ?? undefined, isLive);
  const current = clusters.find((cluster) => cluster.name === name);
  const causeOf = useCause();
  const cause = current?.failures.map(({ code, params }) => causeOf(code, params)).find(Boolean);
  const search = useCallback<PaletteSearch>(
    async (text, cluster) => findNames(await client.fetchQuery(namesQuery(cluster ?? undefined)), text),
    [client],
  );
  return (
    <AppShell
      clusters={clusters.map((cluster) => ({ name: cluster.name, env: cluster.env, summary: summaryOf(cluster, t) }))}
      counts={
        current && current.asOf !== null
          ? {
              overview: current.counts.findings > 0 ? { text: f.count(current.counts.findings) } : null,
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
      <SessionWatch />
      {silentSince === null ? null : <Banner tone="crit">{t('silent', { time: f.time(silentSince) })}</Banner>}
      {current?.health === 'unreachable' ? (
        <Banner tone="crit">
          {cause
            ? `${t('unreachableBecause', { cluster: current.name })} ${cause.text} ${cause.next}`
            : t('unreachable', { cluster: current.name })}
        </Banner>
      ) : null}
      {current?.unverifiedTls ? <Banner tone="crit">{t('unverified', { cluster: current.name })}</Banner> : null}
      {current?.readOnly ? <Banner tone="info">{t('readOnly', { cluster: current.name })}</Banner> : null}
      {children}
    </AppShell>
  );
}

const NODE_STATES = { ok: 'ok', stale: 'slow', silent: 'silent' } as const;

function summaryOf(cluster: ClusterSummary, t: T<'shell'>): string {
  if (cluster.asOf === null) return t('summaryUnknown');
  const slaves = cluster.brokers.reduce((sum, broker) => sum + broker.slaves, 0);
  const versions = [...new Set(cluster.brokers.flatMap((broker) => broker.version ?? []))];
  return t('summary', {
    masters: cluster.brokers.length,
    masterCount: formatCount(cluster.brokers.length),
    slaves,
    slaveCount: formatCount(slaves),
    versions: versions.map(plainVersion).join(', ') || t('versionUnknown'),
  });
}

/** `V5_5_0` → `5.5.0`. */
const plainVersion = (version: string): string => version.replace(/^V/, '').replaceAll('_', '.');
