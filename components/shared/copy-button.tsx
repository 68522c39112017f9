'use client';
import { useEffect, useState } from 'react';
import { Icon } from '@/components/ui/icon';
import { toast } from '@/components/ui/toast-store';
import { useT } from '@/lib/i18n/use-t';
import { announce } from './live-region';

/** Copies, shows a tick for 1.2 s and says so politely. */
export function useCopy() {
  const t = useT('common');
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1_200);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = (text: string, what: string) =>
    navigator.clipboard.writeText(text).then(
      () => {
        setCopied(true);
        announce(t('copied', { what }));
      },
      () => toast({ tone: 'warn', text: t('copyFailed') }),
    );
  return { copied, copy };
}

/** `what` names the thing: “message id”. */
export function CopyButton({ text, what, className = 'copy' }: { text: string; what: string; className?: string }) {
  const t = useT('common');
  const { copied, copy } = useCopy();
  return (
    <button
      type="button"
      className={className}
      aria-label={t('copy', { what })}
      data-tip={copied ? t('copied', { what }) : t('copy', { what })}
      onClick={() => copy(text, what)}
    >
      <Icon name={copied ? 'tick' : 'copy'} size={14} {...(copied ? { className: 'ok' } : {})} />
    </button>
  );
}

export function CopyLinkButton() {
  const t = useT('common');
  const { copied, copy } = useCopy();
  return (
    <button type="button" className="btn" data-copy-link="" onClick={() => copy(window.location.href, t('link'))}>
      <Icon name={copied ? 'tick' : 'link'} />
      {t('copyLink')}
    </button>
  );
}
