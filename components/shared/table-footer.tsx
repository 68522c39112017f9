'use client';
import type { ReactNode } from 'react';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { useT } from '@/lib/i18n/use-t';
import { brokerNames } from './broker-names';
import { useFormat } from './use-format';

export type TableFooterProps = {
  /** Rows on screen. */
  shown: number;
  /** All that match, over the brokers that answered. */
  total?: number | undefined;
  /** “status, then lag time”. */
  sortWords?: string | undefined;
  note?: ReactNode;
  failures?: readonly { broker: string; message?: string }[] | undefined;
  onRetry?: (() => void) | undefined;
  canSelect?: boolean;
  canOpen?: boolean;
  keys?: boolean;
};

export function TableFooter({
  shown,
  total,
  sortWords,
  note,
  failures = [],
  onRetry,
  canSelect = false,
  canOpen = false,
  keys = true,
}: TableFooterProps) {
  const t = useT('common');
  const f = useFormat();
  const brokers = brokerNames(failures);
  return (
    <div className="tf">
      {shown > 0 ? (
        <span>
          {total === undefined
            ? t('table.rangeOnly', { from: '1', to: f.count(shown) })
            : t('table.range', { from: '1', to: f.count(shown), total: f.count(total) })}
        </span>
      ) : null}
      {sortWords ? <span className="hide-m">{t('table.sortedBy', { words: sortWords })}</span> : null}
      {brokers ? (
        <span className="warn flex">
          <Icon name="warning" size={14} />
          {t('table.missing', { brokers })}
        </span>
      ) : null}
      {note}
      <span className="r">
        {brokers && onRetry ? (
          <button type="button" className="link" onClick={onRetry}>
            {t('banner.retry')}
          </button>
        ) : null}
        {keys ? (
          <span className="keys hide-m" aria-hidden="true">
            <Kbd>j</Kbd>
            <Kbd>k</Kbd> {t('table.move')}
            {canOpen ? (
              <>
                <Kbd>Enter</Kbd> {t('table.open')}
              </>
            ) : null}
            {canSelect ? (
              <>
                <Kbd>x</Kbd> {t('table.select')}
              </>
            ) : null}
          </span>
        ) : null}
      </span>
    </div>
  );
}
