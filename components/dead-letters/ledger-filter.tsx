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
import { TagField } from './tag-field';

type Props = {
  group: string;
  params: LedgerParams;
  /** Undefined until they are read. */
  causes: readonly FailureRow[] | undefined;
  onChange: (params: Partial<LedgerParams>) => void;
  isSearching: boolean;
  onSearch: (on: boolean) => void;
};

// What a page needs at once has to be small.
const WordSelect = dynamic(() => import('./word-select').then((m) => m.WordSelect), {
  ssr: false,
  loading: () => <span className="input w-200" />,
});
const KeyHint = dynamic(() => import('./key-hint').then((m) => m.KeyHint));
const BetweenFields = dynamic(() => import('./between-fields').then((m) => m.BetweenFields));
const ANY_TIME = { from: null, to: null } as const;

/** Narrows the ledger: by key or id, state, age, cause and tag; what no index holds is searched for within that. */
export function LedgerFilter({ group, params, causes, onChange, isSearching, onSearch }: Props) {
  const t = useT('dead-letters');
  const nameOf = useFailureName();
  const mayNotRead = useRefusal('message:body:read', { group });
  const { q, failure, tag, from, to } = params;
  const [wantsBetween, setWantsBetween] = useState(false);
  const isBetween = wantsBetween || from !== null || to !== null;
  const cause = causes?.find(({ id }) => id === failure);
  return (
    <>
      <FilterBar>
        <FilterText label={t('filterLetters')} value={q} onChange={(q) => onChange({ q })} />
        <FilterChip pressed={isSearching} disabledReason={mayNotRead} onPress={() => onSearch(!isSearching)}>
          <Icon name="find" size={12} />
          {t('search.open')}
        </FilterChip>
        <TagField value={tag ?? ''} onChange={(to) => onChange({ tag: to })} />
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
          <WordSelect state={params.state} onChange={(state) => onChange({ state })} />
          <FilterChips
            value={params.since}
            options={LETTER_AGES.map((value) => ({ value, label: t(`ages.${value}`) }))}
            onChange={(since) => {
              setWantsBetween(false);
              onChange({ since, ...ANY_TIME });
            }}
          />
          <FilterChip
            pressed={isBetween}
            onPress={() => {
              setWantsBetween(!isBetween);
              onChange(isBetween ? ANY_TIME : { since: null });
            }}
          >
            {t('between.chip')}
          </FilterChip>
        </FilterTrack>
      </FilterBar>
      {q && !isSearching ? (
        <KeyHint text={q} isSearchable={params.state !== 'expired'} disabledReason={mayNotRead} onChange={onChange} />
      ) : null}
      {isBetween ? <BetweenFields from={from} to={to} onChange={onChange} /> : null}
    </>
  );
}
