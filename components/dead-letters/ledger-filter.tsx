'use client';
import { useQuery } from '@tanstack/react-query';
import { ClusterLink } from '@/components/shared/cluster-link';
import {
  FilterBar,
  FilterChip,
  FilterChips,
  FilterText,
  FilterTrack,
  RemovableFilter,
} from '@/components/shared/filter-bar';
import { Icon } from '@/components/ui/icon';
import { LETTER_AGES, LETTER_FILTERS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { failuresQuery } from '@/lib/queries/dead-letters';
import { useFailureName } from './failure-name';
import type { LedgerParams } from './search-params';

type Props = {
  params: LedgerParams;
  onChange: (params: Partial<LedgerParams>) => void;
  isSearching: boolean;
  onSearch: (on: boolean) => void;
};

/** Narrows the ledger: by key or id, state, age, cause and tag; what no index holds is searched for within that. */
export function LedgerFilter({ params, onChange, isSearching, onSearch }: Props) {
  const t = useT('dead-letters');
  const nameOf = useFailureName();
  const { cluster, group, failure, tag } = params;
  const { data } = useQuery(failuresQuery({ cluster: cluster ?? undefined, group }));
  const cause = data?.items.find(({ id }) => id === failure);
  return (
    <FilterBar>
      <FilterText label={t('filterLetters')} value={params.q} onChange={(q) => onChange({ q })} />
      <FilterChip pressed={isSearching} onPress={() => onSearch(!isSearching)}>
        <Icon name="find" size={12} />
        {t('search.open')}
      </FilterChip>
      <FilterTrack>
        {failure === null ? null : (
          <RemovableFilter
            name={t('failures.one')}
            value={cause ? nameOf(cause) : data ? t('failures.gone') : String(failure)}
            onRemove={() => onChange({ failure: null })}
          />
        )}
        {tag ? <RemovableFilter name={t('ledger.tag')} value={tag} onRemove={() => onChange({ tag: null })} /> : null}
        {LETTER_FILTERS.map((filter) => (
          <FilterChip key={filter} pressed={params.state === filter} onPress={() => onChange({ state: filter })}>
            {t(`filters.${filter}`)}
          </FilterChip>
        ))}
        <FilterChips
          value={params.since}
          options={LETTER_AGES.map((value) => ({ value, label: t(`ages.${value}`) }))}
          onChange={(since) => onChange({ since })}
        />
      </FilterTrack>
      <span className="sp" />
      <ClusterLink className="go small" href="/retries" params={{ group }}>
        {t('toRetries')}
      </ClusterLink>
      <ClusterLink className="go small" href="/groups/detail" params={{ group }}>
        {t('toGroup')}
      </ClusterLink>
    </FilterBar>
  );
}
