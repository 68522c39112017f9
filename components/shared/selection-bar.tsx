'use client';
import type { ReactNode } from 'react';
import { useT } from '@/lib/i18n/use-t';
import { useFormat } from './use-format';

/** Count and size, then actions, one of them primary. Nothing when nothing is selected. */
export function SelectionBar({
  count,
  note,
  onClear,
  children,
}: {
  count: number;
  note?: ReactNode;
  onClear: () => void;
  children: ReactNode;
}) {
  const t = useT('common');
  const f = useFormat();
  if (count === 0) return null;
  return (
    <section className="selbar" aria-label={t('selection.region')}>
      <b>{t('selection.selected', { count: f.count(count) })}</b>
      {note ? <span>{note}</span> : null}
      <button type="button" className="flink" onClick={onClear}>
        {t('clear')}
      </button>
      <span className="sp" />
      {children}
    </section>
  );
}
