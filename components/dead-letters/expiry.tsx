'use client';
import { useFormat } from '@/components/shared/use-format';
import { useT } from '@/lib/i18n/use-t';

const SOON_MS = 86_400_000;

/** Time left before retention may remove the oldest; amber in the last day. */
export function TimeLeft({ at, withTime = false }: { at: number | null; withTime?: boolean }) {
  const t = useT('dead-letters');
  const f = useFormat();
  if (at === null) return <span className="unk">{t('expiryUnknown')}</span>;
  const left = at - f.now;
  return (
    <span className={left < SOON_MS ? 'warn n' : 'n'} data-tip={t('expiryEstimate', { time: f.time(at) })}>
      {left <= 0 ? t('expiryPassed') : f.duration(left)}
      {withTime ? <span className="sub">{f.time(at, 'minute')}</span> : null}
    </span>
  );
}
