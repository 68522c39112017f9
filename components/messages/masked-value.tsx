'use client';
import type { Masked } from '@/lib/contract/masking';
import { useT } from '@/lib/i18n/use-t';

/** Stands where something is hidden, and says what hides it. */
export function MaskedValue({ by }: Pick<Masked, 'by'>) {
  const t = useT('messages');
  const because = by.length === 0 ? t('masked.byRole') : t('masked.byRule', { n: by.length, rules: by.join(', ') });
  return (
    <span className="tag" data-tip={because}>
      {t('masked.short')} <span className="sr">{because}</span>
    </span>
  );
}
