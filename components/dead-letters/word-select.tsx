'use client';
import { Select } from '@/components/ui/select';
import { LETTER_WORDS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import type { LedgerParams } from './search-params';

type State = LedgerParams['state'];

/** The words that the choices beside it take together, each alone. */
export function WordSelect({ state, onChange }: { state: State; onChange: (state: State) => void }) {
  const t = useT('dead-letters');
  const word = LETTER_WORDS.find((each) => each === state);
  return (
    <Select<State>
      className="w-200"
      label={t('oneState')}
      value={word ?? 'all'}
      options={[
        { value: 'all', label: t('oneState') },
        ...LETTER_WORDS.map((value) => ({ value, label: t(`filters.${value}`) })),
      ]}
      onChange={onChange}
    />
  );
}
