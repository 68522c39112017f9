'use client';
import { useEffect, useRef, useState } from 'react';
import { FilterChip } from '@/components/shared/filter-bar';
import { Button, IconButton } from '@/components/ui/button';
import { Segmented } from '@/components/ui/segmented';
import { Select } from '@/components/ui/select';
import { SEARCH_PLACES, SEARCH_TESTS } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import type { LedgerParams } from './search-params';

type Question = Pick<LedgerParams, 'name' | 'is' | 'text' | 'case'> & { in: NonNullable<LedgerParams['in']> };
type Props = {
  params: LedgerParams;
  isRunning: boolean;
  /** Somebody has just opened it; not the address. */
  takesFocus: boolean;
  onSearch: (question: Question) => void;
  onStop: () => void;
  onClose: () => void;
};

/** What to look for in the letters themselves. Nothing is asked until it is sent off: every search reads the brokers. */
export function LetterSearchBar({ params, isRunning, takesFocus, onSearch, onStop, onClose }: Props) {
  const t = useT('dead-letters');
  const [draft, setDraft] = useState<Question>(() => questionOf(params));
  const field = useRef<HTMLInputElement>(null);
  const { in: place } = draft;
  const change = (to: Partial<Question>) => setDraft({ ...draft, ...to });
  const isBody = place === 'body';
  const isPath = place === 'path';
  const isMissing = isBody ? draft.text === '' : draft.name.trim() === '';
  const missing = isMissing
    ? isBody
      ? t('search.textless')
      : t(isPath ? 'search.pathless' : 'search.nameless')
    : null;
  useEffect(() => {
    if (takesFocus) field.current?.focus();
  }, [takesFocus]);
  // The address may come to ask something else: by a link, or going back.
  const asked = JSON.stringify(questionOf(params));
  useEffect(() => setDraft(JSON.parse(asked) as Question), [asked]);

  return (
    <search aria-label={t('search.label')}>
      <form
        className="bar"
        onSubmit={(event) => {
          event.preventDefault();
          if (missing === null) onSearch(isBody ? { ...draft, name: '', is: 'contains' } : draft);
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || !isRunning) return;
          event.stopPropagation();
          onStop();
        }}
      >
        <Segmented
          label={t('search.in')}
          value={place}
          options={SEARCH_PLACES.map((value) => ({ value, label: t(`search.place.${value}`) }))}
          onChange={(value) => change({ in: value })}
        />
        {isBody ? null : (
          <>
            <span className="input w-200">
              <input
                ref={field}
                type="text"
                className={isPath ? 'mono' : undefined}
                aria-label={t(isPath ? 'search.path' : 'search.name')}
                placeholder={isPath ? t('search.pathSuch') : t('search.name')}
                value={draft.name}
                maxLength={255}
                spellCheck={false}
                autoComplete="off"
                onChange={(event) => change({ name: event.target.value })}
              />
            </span>
            <Select
              className="w-120"
              label={t('search.is')}
              value={draft.is}
              options={SEARCH_TESTS.map((value) => ({ value, label: t(`search.test.${value}`) }))}
              onChange={(is) => change({ is })}
            />
          </>
        )}
        <span className="input w-240">
          <input
            ref={isBody ? field : undefined}
            type="text"
            aria-label={t(isBody ? 'search.text' : 'search.value')}
            placeholder={t(isBody ? 'search.text' : 'search.anyValue')}
            value={draft.text}
            maxLength={1000}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => change({ text: event.target.value })}
          />
        </span>
        <FilterChip pressed={draft.case} onPress={() => change({ case: !draft.case })}>
          {t('search.case')}
        </FilterChip>
        <Button type="submit" variant="primary" disabledReason={missing}>
          {t('search.start')}
        </Button>
        <span className="sp" />
        <IconButton label={t('search.close')} icon="close" className="hide-m" onClick={onClose} />
      </form>
    </search>
  );
}

const questionOf = ({ in: place, name, is, text, case: matchCase }: LedgerParams): Question => ({
  in: place ?? 'body',
  name,
  is,
  text,
  case: matchCase,
});
