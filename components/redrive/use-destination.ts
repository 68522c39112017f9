import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RedriveTarget } from '@/lib/contract/plans';
import { namesQuery } from '@/lib/queries/clusters';

/** Where copies go: what is chosen, the topic as typed, and both as the plan takes them; null while the topic is none. */
export function useDestination(cluster: string) {
  const [kind, setKind] = useState<RedriveTarget['kind']>('group');
  const [text, setText] = useState('');
  const names = useQuery({ ...namesQuery(cluster), enabled: kind === 'topic' });
  const topic = text.trim();
  // Names that cannot be read hold nobody back: the plan asks the brokers.
  const isKnown = names.data ? names.data.topics.includes(topic) : names.isError && topic !== '';
  const input: RedriveTarget | null = kind !== 'topic' ? { kind } : isKnown ? { kind, topic } : null;
  return { cluster, kind, setKind, text, setText, names: names.data?.topics ?? [], input };
}
export type Destination = ReturnType<typeof useDestination>;
