'use client';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import type { ReactNode } from 'react';
import { Banner } from '@/components/shared/banner';
import type { ClusterSummary } from '@/lib/contract/clusters';
import { formatCount } from '@/lib/format/numbers';
import { type T, useT } from '@/lib/i18n/use-t';
import { clustersQuery, namesQuery } from '@/lib/queries/clusters';
import { useSnapshotRefresh } from '@/lib/queries/snapshot-refresh';
import { AppShell } from './app-shell';
import { findNames } from './find-names';
import { useLive } from './live';
import type { PaletteSearch } from './palette';
import type { NavCounts } from './sidebar';

const PIP = { ok: 'ok', stale: 'slow', silent: 'silent' } as const;

/** The frame of every page, fed by the polled list of clusters. */
export function ConsoleShell({ children }: { children: ReactNode }) {
  const t = useT('shell');
  const client = useQueryClient();
  const { isLive } = useLive();
  const name = useSearchParams().get('cluster') ?? undefined;
  useSnapshotRefresh(name, isLive);
  const { data } = useQuery({ ...clustersQuery(), refetchInterval: isLive ? clustersQuery().refetchInterval : false });
  const clusters = data?.items ?? [];
  const current = name === undefined ? clusters[0] : clusters.find((cluster) => cluster.name === name);
  const search: PaletteSearch = async (text, cluster) =>
    findNames(await client.fetchQuery(namesQuery(cluster ?? undefined)), text);
  return (
    <AppShell
      clusters={clusters.map((cluster) => ({ name: cluster.name, env: cluster.env, summary: summaryOf(cluster, t) }))}
      counts={current ? countsOf(current) : {}}
      freshness={
        current && {
          at: current.asOf,
          nodes: current.brokers.map((broker) => ({ name: broker.name, state: PIP[broker.state] })),
        }
      }
      search={search}
    >
      {current?.health === 'unreachable' ? (
        <Banner tone="crit">{t('unreachable', { cluster: current.name })}</Banner>
      ) : null}
      {current?.readOnly ? <Banner tone="info">{t('readOnly', { cluster: current.name })}</Banner> : null}
      {children}
    </AppShell>
  );
}

function summaryOf(cluster: ClusterSummary, t: T<'shell'>): string {
  const replicas = cluster.brokers.reduce((sum, broker) => sum + broker.replicas, 0);
  const versions = [...new Set(cluster.brokers.map((broker) => broker.version).filter((version) => version !== null))];
  const numbers = {
    masters: cluster.brokers.length,
    masterCount: formatCount(cluster.brokers.length),
    replicas,
    replicaCount: formatCount(replicas),
  };
  return versions.length > 0
    ? t('summaryVersion', { ...numbers, version: versions.join(' / ') })
    : t('summary', numbers);
}

function countsOf({ counts }: ClusterSummary): NavCounts {
  const some = (value: number | null) => (value ? { text: formatCount(value) } : null);
  return {
    overview: some(counts.findings),
    topics: { text: formatCount(counts.topics) },
    groups:
      counts.notConsuming > 0
        ? { text: formatCount(counts.notConsuming), hot: true }
        : { text: formatCount(counts.groups) },
    deadLetters: some(counts.deadLetters),
    jobs: some(counts.activeJobs),
  };
}
