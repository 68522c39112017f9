'use client';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Icon, type IconName } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { brokerNames } from './broker-names';
import { useCause } from './use-cause';

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

type Failures = readonly {
  broker: string;
  code?: string;
  message?: string;
  params?: Record<string, string> | undefined;
}[];

/** Brokers that did not answer, or would not. Nothing when all did. */
export function PartialBanner({ failures, onRetry }: { failures: Failures | undefined; onRetry?: () => void }) {
  const t = useT('common');
  const causeOf = useCause();
  if (!failures || failures.length === 0) return null;
  const brokers = brokerNames(failures);
  const known = failures.map(({ code, params }) => causeOf(code, params));
  const isRefused = known.every(Boolean);
  const causes = failures.map(({ message }, at) => (known[at] ? `${known[at].text} ${known[at].next}` : message));
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
      <b>{t(isRefused ? 'banner.refusedNamed' : 'banner.partialNamed', { brokers })}</b>{' '}
      <span className="fg2">{[...new Set(causes.filter(Boolean))].join(' ')}</span>
    </Banner>
  );
}
