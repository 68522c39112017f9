'use client';
import { FilterBar, FilterChips, FilterTrack } from '@/components/shared/filter-bar';
import { LETTER_WORDS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { BetweenFields } from './between-fields';
import type { LedgerParams } from './search-params';
import { TagField } from './tag-field';

/** By tag, by any one word where the choices above stand for several, and by when the letters died. */
export function MoreFilters({
  params,
  onChange,
}: {
  params: LedgerParams;
  onChange: (params: Partial<LedgerParams>) => void;
}) {
  const t = useT('dead-letters');
  const { tag, state, from, to } = params;
  return (
    <>
      <FilterBar>
        <TagField value={tag ?? ''} onChange={(to) => onChange({ tag: to })} />
        <FilterTrack wraps>
          <FilterChips<LedgerParams['state']>
            value={state}
            options={LETTER_WORDS.map((value) => ({ value, label: t(`filters.${value}`) }))}
            onChange={(word) => onChange({ state: word ?? 'all' })}
          />
        </FilterTrack>
      </FilterBar>
      <BetweenFields from={from} to={to} onChange={(span) => onChange({ ...span, since: null })} />
    </>
  );
}
