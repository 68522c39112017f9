'use client';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Icon, type IconName } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { useCopy } from './copy-button';
import { useFormat } from './use-format';

/** What a failed read carries; `ApiProblem` of lib/queries and `ErrorBody` both fit. */
export type ErrorLike = {
  message: string;
  code?: string | undefined;
  hint?: string | undefined;
  requestId?: string | undefined;
};

/** Nothing there, and how we know. */
export function EmptyState({
  icon = 'dead-letters',
  title,
  children,
  actions,
}: {
  icon?: IconName;
  title: ReactNode;
  children?: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div className="none">
      <Icon name={icon} size={20} />
      <h3>{title}</h3>
      {children ? <p>{children}</p> : null}
      {actions ? <div className="acts">{actions}</div> : null}
    </div>
  );
}

/** The filter hides everything. */
export function NoMatchState({
  query,
  total,
  nearest,
  onClear,
}: {
  query?: string | undefined;
  total?: number | undefined;
  nearest?: string | undefined;
  onClear?: (() => void) | undefined;
}) {
  const t = useT('common');
  const f = useFormat();
  return (
    <EmptyState
      icon="filter"
      title={query ? t('table.noMatch', { query }) : t('table.noMatchFilter')}
      actions={onClear ? <Button onClick={onClear}>{t('clearFilter')}</Button> : null}
    >
      {total === undefined ? null : t('table.searched', { total, count: f.count(total) })}{' '}
      {nearest ? t('table.nearest', { name: nearest }) : null}
    </EmptyState>
  );
}

/** Cause, next step, code and request id. */
export function ErrorState({
  error,
  title,
  onRetry,
  children,
}: {
  error: ErrorLike;
  title?: ReactNode;
  onRetry?: (() => void) | undefined;
  /** A button, where asking the same again is no way on. */
  children?: ReactNode;
}) {
  const t = useT('common');
  const { copy } = useCopy();
  const isSilent = error.code === 'console_unreachable';
  const cause = isSilent ? t('error.silent') : error.message || t('error.unexpected');
  const hint = isSilent ? t('error.silentHint') : (error.hint ?? (error.code ? null : t('error.unexpectedHint')));
  const reference = [error.code, error.requestId].filter(Boolean).join(' ');
  return (
    <div className="none" role="alert">
      <Icon name="warning" size={20} className="crit" />
      <h3>{title ?? t('error.title')}</h3>
      <p>
        {cause} {hint}
      </p>
      <div className="acts">
        {children}
        {onRetry && !children ? (
          <Button variant="primary" onClick={onRetry}>
            {t('tryAgain')}
          </Button>
        ) : null}
        <Button
          variant="ghost"
          trailing="copy"
          onClick={() => copy([cause, hint, reference].filter(Boolean).join('\n'), t('details'))}
        >
          {t('copyDetails')}
        </Button>
      </div>
      {reference ? <code className="ref">{reference}</code> : null}
    </div>
  );
}
