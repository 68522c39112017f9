'use client';
import { useT } from '@/lib/i18n/use-t';
import { type LedgerParams, searchForKey } from './search-params';

/** An index knows how a text begins; anywhere else in it only a search finds something. */
export function KeyHint({
  text,
  isSearchable,
  disabledReason,
  onChange,
}: {
  text: string;
  isSearchable: boolean;
  disabledReason: string | undefined;
  onChange: (params: Partial<LedgerParams>) => void;
}) {
  const t = useT('dead-letters');
  return (
    <p className="small fg3 mb12">
      {t('keys.looksAt')}{' '}
      {isSearchable ? (
        <button
          type="button"
          className="link"
          aria-disabled={disabledReason ? true : undefined}
          data-tip={disabledReason}
          onClick={disabledReason ? undefined : () => onChange(searchForKey(text))}
        >
          {t('keys.search')}
        </button>
      ) : null}
    </p>
  );
}
