'use client';
import { useT } from '@/lib/i18n/use-t';
import { useFormat } from './use-format';

export type Matching = { total: number; isOn: boolean; onToggle: (on: boolean) => void };

/** After “all on this page”: offers all that match. */
export function MatchingLine({ shown, matching }: { shown: number; matching: Matching }) {
  const t = useT('common');
  const f = useFormat();
  return (
    <div className="all-line" role="status">
      {matching.isOn
        ? t('table.allMatchingOn', { count: f.count(matching.total) })
        : t('table.allOnPage', { count: f.count(shown) })}{' '}
      <button type="button" className="link" onClick={() => matching.onToggle(!matching.isOn)}>
        {matching.isOn ? t('clear') : t('table.allMatching', { count: f.count(matching.total) })}
      </button>
    </div>
  );
}
