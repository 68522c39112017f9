'use client';
import type { ReactNode } from 'react';
import { useT } from '@/lib/i18n/use-t';
import { Banner } from './banner';
import { useFormat } from './use-format';

export type AccountCell = { id: string; label: ReactNode; value: number; note?: ReactNode };

/** `selected = a + b + c`. When it does not add up, it says so in red. */
export function AccountStrip({ total, parts }: { total: AccountCell; parts: readonly AccountCell[] }) {
  const t = useT('common');
  const f = useFormat();
  const sum = parts.reduce((before, part) => before + part.value, 0);
  const isOff = sum !== total.value;
  return (
    <>
      <section className={`acct mb12${isOff ? ' off' : ''}`} aria-label={t('account.label')}>
        {[total, ...parts].map((cell, index) => (
          <div key={cell.id}>
            {index > 0 ? <span className="op">{index === 1 ? '=' : '+'}</span> : null}
            {typeof cell.label === 'string' ? <span className="st">{cell.label}</span> : cell.label}
            <b>{f.count(cell.value)}</b>
            {cell.note ? <small>{cell.note}</small> : null}
          </div>
        ))}
      </section>
      {isOff ? (
        <Banner tone="crit">{t('account.off', { left: f.count(total.value), right: f.count(sum) })}</Banner>
      ) : null}
    </>
  );
}
