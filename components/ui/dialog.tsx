'use client';
import * as Radix from 'radix-ui/dialog';
import { type KeyboardEvent, type ReactNode, useRef } from 'react';
import { useT } from '@/lib/i18n/use-t';
import { IconButton } from './button';
import { useFirstField } from './use-first-field';
import { useReturnFocus } from './use-return-focus';

type Props = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** Object, cluster and environment: what the act concerns. */
  subtitle?: ReactNode;
  size?: 'slim' | 'base' | 'wide';
  role?: 'dialog' | 'alertdialog';
  /** Left of the buttons: the promise (“Nothing is sent until …”). */
  promise?: ReactNode;
  /** Cancel, then the act. */
  actions?: ReactNode;
  /** What Ctrl Enter does; give it only while the act may be pressed. */
  onPrimary?: (() => void) | null;
  /** A click beside it or Escape closes, unless this is false (a write is under way). */
  dismissable?: boolean;
  children: ReactNode;
};

/** Load it with `next/dynamic` and `ssr: false`, inside the dialog's own component. Initial focus: the first field, never the act. */
export function Dialog({
  open,
  onOpenChange,
  title,
  subtitle,
  size = 'base',
  role = 'dialog',
  promise,
  actions,
  onPrimary,
  dismissable = true,
  children,
}: Props) {
  const t = useT('common');
  const body = useRef<HTMLDivElement>(null);
  const focus = useReturnFocus();
  const focusFirst = useFirstField(body);
  const guard = (event: Event) => {
    if (!dismissable) event.preventDefault();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || !onPrimary) return;
    event.preventDefault();
    onPrimary();
  };
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="scrim">
          <Radix.Content
            role={role}
            className={`dlg ${size === 'base' ? '' : size}`}
            aria-describedby={undefined}
            onKeyDown={onKeyDown}
            onEscapeKeyDown={guard}
            onPointerDownOutside={guard}
            onCloseAutoFocus={focus.giveBack}
            onOpenAutoFocus={(event) => {
              focus.remember();
              focusFirst(event);
            }}
          >
            <header>
              <div>
                <Radix.Title asChild>
                  <h2>{title}</h2>
                </Radix.Title>
                {subtitle ? <p>{subtitle}</p> : null}
              </div>
              <Radix.Close asChild>
                <IconButton icon="close" label={t('close')} disabledReason={dismissable ? null : t('loading')} />
              </Radix.Close>
            </header>
            {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling body must be reachable by keyboard */}
            <div className="body" ref={body} tabIndex={0}>
              {children}
            </div>
            {actions || promise ? (
              <footer>
                <span className="sp">{promise}</span>
                {actions}
              </footer>
            ) : null}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}
