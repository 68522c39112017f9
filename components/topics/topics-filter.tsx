'use client';
import { FilterBar, FilterChip, FilterChips, FilterText, FoldedChip } from '@/components/shared/filter-bar';
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
      <FilterChips
        value={params.type}
        onChange={(type) => onChange({ type })}
        options={types.map((type) => ({ value: type, label: type, count: f.count(counts[type] ?? 0) }))}
      />
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
