'use client';
import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useRefusal } from '@/components/accounts/use-refusal';
import {
  FilterBar,
  FilterChip,
  FilterChips,
  FilterText,
  FilterTrack,
  RemovableFilter,
} from '@/components/shared/filter-bar';
import { Icon } from '@/components/ui/icon';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { LETTER_AGES, LETTER_FILTERS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { useFailureName } from './failure-name';
import type { LedgerParams } from './search-params';

type Props = {
  group: string;
  params: LedgerParams;
  /** Undefined until they are read. */
  causes: readonly FailureRow[] | undefined;
  onChange: (params: Partial<LedgerParams>) => void;
  isSearching: boolean;
  onSearch: (on: boolean) => void;
};

// What few ask for does not make the page larger.
const KeyHint = dynamic(() => import('./key-hint').then((m) => m.KeyHint));
const MoreFilters = dynamic(() => import('./more-filters').then((m) => m.MoreFilters));
const ANY_TIME = { from: null, to: null } as const;
const isBucket = (state: LedgerParams['state']) => LETTER_FILTERS.some((each) => each === state);

/** Narrows the ledger: by key or id, state, age, cause and tag; what no index holds is searched for within that. */
export function LedgerFilter({ group, params, causes, onChange, isSearching, onSearch }: Props) {
  const t = useT('dead-letters');
  const nameOf = useFailureName();
  const mayNotRead = useRefusal('message:body:read', { group });
  const { q, failure, tag, from, to } = params;
  const [wantsMore, setWantsMore] = useState(false);
  const isMore = wantsMore || !!tag || from !== null || to !== null || !isBucket(params.state);
  const cause = causes?.find(({ id }) => id === failure);
  return (
    <>
      <FilterBar>
        <FilterText label={t('filterLetters')} value={q} onChange={(q) => onChange({ q })} />
        <FilterChip pressed={isSearching} disabledReason={mayNotRead} onPress={() => onSearch(!isSearching)}>
          <Icon name="find" size={12} />
          {t('search.open')}
        </FilterChip>
        <FilterTrack wraps>
          {failure === null ? null : (
            <RemovableFilter
              name={t('failures.one')}
              value={cause ? nameOf(cause) : causes ? t('failures.gone') : String(failure)}
              onRemove={() => onChange({ failure: null })}
            />
          )}
          {LETTER_FILTERS.map((filter) => (
            <FilterChip key={filter} pressed={params.state === filter} onPress={() => onChange({ state: filter })}>
              {t(`filters.${filter}`)}
            </FilterChip>
          ))}
          <FilterChips
            value={params.since}
            options={LETTER_AGES.map((value) => ({ value, label: t(`ages.${value}`) }))}
            onChange={(since) => onChange({ since, ...ANY_TIME })}
          />
          <FilterChip
            pressed={isMore}
            onPress={() => {
              setWantsMore(!isMore);
              if (isMore) onChange({ tag: null, ...ANY_TIME, ...(!isBucket(params.state) && { state: 'all' }) });
            }}
          >
            {t('more')}
          </FilterChip>
        </FilterTrack>
      </FilterBar>
      {q && !isSearching ? (
        <KeyHint text={q} isSearchable={params.state !== 'expired'} disabledReason={mayNotRead} onChange={onChange} />
      ) : null}
      {isMore ? <MoreFilters params={params} onChange={onChange} /> : null}
    </>
  );
}
