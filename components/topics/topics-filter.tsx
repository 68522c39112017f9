'use client';
import { BrokerClusterChips } from '@/components/shared/broker-cluster-chips';
import {
  FilterBar,
  FilterChip,
  FilterChips,
  FilterText,
  FilterTrack,
  FoldedChip,
} from '@/components/shared/filter-bar';
import { useFormat } from '@/components/shared/use-format';
import type { TopicType } from '@/lib/contract/topics';
import { TOPIC_FEATURES, TOPIC_TYPES, type TopicFeature } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';

type Params = {
  q: string;
  brokerCluster: string | null;
  type: TopicType | null;
  has: TopicFeature | null;
  internal: 'true' | null;
};

export function TopicsFilter({
  params,
  onChange,
  counts: known,
  hidden,
}: {
  params: Params;
  onChange: (change: Partial<Params>) => void;
  /** Undefined until the first answer. */
  counts: Record<string, number> | undefined;
  hidden: number;
}) {
  const t = useT('topics');
  const f = useFormat();
  const counts = known ?? {};
  const all = TOPIC_TYPES.reduce((sum, type) => sum + (counts[type] ?? 0), 0);
  const types = TOPIC_TYPES.filter((type) => (counts[type] ?? 0) > 0 || type === params.type);
  const features = TOPIC_FEATURES.filter((has) => (counts[has] ?? 0) > 0 || has === params.has);
  return (
    <FilterBar>
      <FilterText label={t('filter')} value={params.q} onChange={(q) => onChange({ q })} />
      <FilterTrack>
        <FilterChip
          pressed={params.type === null}
          onPress={() => onChange({ type: null })}
          count={known ? f.count(all) : undefined}
        >
          {t('all')}
        </FilterChip>
        <FilterChips
          value={params.type}
          onChange={(type) => onChange({ type })}
          options={types.map((type) => ({ value: type, label: type, count: known && f.count(counts[type] ?? 0) }))}
        />
        <FilterChips
          value={params.has}
          onChange={(has) => onChange({ has })}
          options={features.map((has) => ({
            value: has,
            label: t(`features.${has}`),
            count: known && f.count(counts[has] ?? 0),
          }))}
        />
        <BrokerClusterChips value={params.brokerCluster} onChange={(brokerCluster) => onChange({ brokerCluster })} />
      </FilterTrack>
      <FoldedChip
        folded={hidden}
        isShown={params.internal !== null}
        tip={t('hiddenTip')}
        words={params.internal ? t('hide') : t('hidden', { n: hidden, count: f.count(hidden) })}
        onPress={() => onChange({ internal: params.internal ? null : 'true', type: null })}
      />
    </FilterBar>
  );
}
