'use client';
import { FilterBar, FilterChip, FilterText } from '@/components/shared/filter-bar';
import { useFormat } from '@/components/shared/use-format';
import type { TopicType } from '@/lib/contract/topics';
import { TOPIC_TYPES } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';

type Params = { q: string; type: TopicType | null; internal: 'true' | null };

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
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const types = TOPIC_TYPES.filter((type) => (counts[type] ?? 0) > 0 || type === params.type);
  return (
    <FilterBar>
      <FilterText label={t('filter')} value={params.q} onChange={(q) => onChange({ q })} />
      <FilterChip
        pressed={params.type === null}
        onPress={() => onChange({ type: null })}
        count={known ? f.count(all) : undefined}
      >
        {t('all')}
      </FilterChip>
      {types.map((type) => (
        <FilterChip
          key={type}
          pressed={params.type === type}
          onPress={() => onChange({ type: params.type === type ? null : type })}
          count={f.count(counts[type] ?? 0)}
        >
          {type}
        </FilterChip>
      ))}
      {hidden > 0 || params.internal ? (
        <span className="mla" data-tip={t('hiddenTip')}>
          <FilterChip
            pressed={params.internal !== null}
            onPress={() => onChange({ internal: params.internal ? null : 'true', type: null })}
          >
            {params.internal ? t('hide') : t('hidden', { n: hidden, count: f.count(hidden) })}
          </FilterChip>
        </span>
      ) : null}
    </FilterBar>
  );
}
