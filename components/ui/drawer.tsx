'use client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { useT } from '@/lib/i18n/use-t';
import { IconButton } from './button';

export const DRAWER_ROOT = 'drawer-root';

type Props = {
  label: string;
  title: ReactNode;
  mono?: boolean;
  /** Status beside the name. */
  status?: ReactNode;
  /** Place in the list, 1-based. */
  position?: { index: number; total: number } | undefined;
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  onClose: () => void;
  footer?: ReactNode;
  children: ReactNode;
};

/** Pushes the page: the table beside it stays usable. `[` and `]` go through the list, Escape closes and gives the focus back. */
export function Drawer({
  label,
  title,
  mono = false,
  status,
  position,
  onPrevious,
  onNext,
  onClose,
  footer,
  children,
}: Props) {
  const t = useT('common');
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const handlers = useRef({ onPrevious, onNext, onClose });
  handlers.current = { onPrevious, onNext, onClose };

  useEffect(() => {
    const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    const element = document.getElementById(DRAWER_ROOT) ?? document.body;
    const main = element.parentElement;
    if (main) main.dataset.drawer = 'open';
    setRoot(element);
    const key = (event: KeyboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (event.defaultPrevented || document.querySelector('.scrim, .menu')) return;
      if (event.key === 'Escape') return handlers.current.onClose();
      if (target?.closest('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === '[') handlers.current.onPrevious?.();
      if (event.key === ']') handlers.current.onNext?.();
    };
    document.addEventListener('keydown', key);
    return () => {
      document.removeEventListener('keydown', key);
      if (main) delete main.dataset.drawer;
      before?.focus({ preventScroll: true });
    };
  }, []);

  if (!root) return null;
  return createPortal(
    <aside className="drawer" aria-label={label}>
      <header>
        <h2 className={mono ? 'mono ell' : 'ell'}>{title}</h2>
        {status}
        {position ? (
          <span className="small fg3 nowrap">
            {t('drawer.position', { index: position.index, total: position.total })}
          </span>
        ) : null}
        {onPrevious || onNext ? (
          <>
            <IconButton
              size="small"
              icon="chevron-left"
              label={t('previous')}
              onClick={onPrevious}
              aria-disabled={!onPrevious || undefined}
              aria-keyshortcuts="["
            />
            <IconButton
              size="small"
              icon="chevron-right"
              label={t('next')}
              onClick={onNext}
              aria-disabled={!onNext || undefined}
              aria-keyshortcuts="]"
            />
          </>
        ) : null}
        <IconButton size="small" icon="close" label={t('close')} onClick={onClose} aria-keyshortcuts="Escape" />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling body must be reachable by keyboard */}
      <div className="body" tabIndex={0}>
        {children}
      </div>
      {footer ? <footer>{footer}</footer> : null}
    </aside>,
    root,
  );
}
