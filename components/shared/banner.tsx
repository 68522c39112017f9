'use client';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Icon, type IconName } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { brokerNames } from './broker-names';

export type BannerTone = 'warn' | 'viol' | 'info' | 'crit' | 'ok';
const ICON: Record<BannerTone, IconName> = { warn: 'warning', viol: 'undo', info: 'note', crit: 'critical', ok: 'ok' };

/** Partial (warn), undo (viol), read only (info), broken (crit). One per page, above the title. */
export function Banner({
  tone,
  actions,
  className = '',
  children,
}: {
  tone: BannerTone;
  actions?: ReactNode;
  className?: string;
  children: ReactNode;
}) {
  return (
    <div className={`banner ${tone} ${className}`} role={tone === 'crit' ? 'alert' : 'status'}>
      <Icon name={ICON[tone]} />
      <p>{children}</p>
      {actions ? <div className="acts">{actions}</div> : null}
    </div>
  );
}

/** Brokers that did not answer. Nothing when all did. */
export function PartialBanner({
  failures,
  onRetry,
}: {
  failures: readonly { broker: string; message?: string }[] | undefined;
  onRetry?: () => void;
}) {
  const t = useT('common');
  if (!failures || failures.length === 0) return null;
  const brokers = brokerNames(failures);
  const causes = [...new Set(failures.map((failure) => failure.message).filter(Boolean))].join(' ');
  return (
    <Banner
      tone="warn"
      actions={
        onRetry ? (
          <Button size="small" onClick={onRetry}>
            {t('banner.retry')}
          </Button>
        ) : null
      }
    >
      <b>{t('banner.partialNamed', { brokers })}</b> <span className="fg2">{causes}</span>
    </Banner>
  );
}
