'use client';
import { useQuery } from '@tanstack/react-query';
import { clustersQuery } from '@/lib/queries/clusters';
import { useCluster } from './cluster-link';
import { FilterChips } from './filter-bar';

/** RocketMQ clusters that the NameServers know, where it is more than one. */
export function BrokerClusterChips({
  value,
  onChange,
}: {
  value: string | null;
  onChange: (brokerCluster: string | null) => void;
}) {
  const cluster = useCluster();
  const { data: brokers } = useQuery({
    ...clustersQuery(),
    select: ({ items }) => items.find(({ name }) => name === cluster)?.brokers,
  });
  const names = [...new Set([...(brokers ?? []).map((broker) => broker.cluster), ...(value === null ? [] : [value])])];
  if (names.length < 2 && value === null) return null;
  return (
    <FilterChips
      value={value}
      onChange={onChange}
      options={names.sort().map((name) => ({ value: name, label: name }))}
    />
  );
}
