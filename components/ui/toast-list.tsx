'use client';
import * as Radix from 'radix-ui/toast';
import { useSyncExternalStore } from 'react';
import { useT } from '@/lib/i18n/use-t';
import { IconButton } from './button';
import { Icon, type IconName } from './icon';
import { type ToastTone, toastStore } from './toast-store';

const ICON: Record<ToastTone, IconName> = {
  ok: 'consumed',
  info: 'note',
  viol: 'undo',
  warn: 'warning',
  crit: 'warning',
};

export function ToastList() {
  const t = useT('common');
  const shell = useT('shell');
  const messages = useSyncExternalStore(toastStore.subscribe, toastStore.read, toastStore.readOnServer);
  return (
    <Radix.Provider duration={6_000} label={shell('toasts', { hotkey: 'F8' })}>
      {messages.map((message) => (
        <Radix.Root
          key={message.id}
          className="toast"
          type={message.tone === 'crit' ? 'foreground' : 'background'}
          duration={message.tone === 'crit' ? Number.POSITIVE_INFINITY : 6_000}
          onOpenChange={(open) => open || toastStore.dismiss(message.id)}
        >
          <Icon name={ICON[message.tone]} className={message.tone} />
          <Radix.Description asChild>
            <p className="grow">
              {message.text}{' '}
              {message.action ? (
                <Radix.Action asChild altText={message.action.label}>
                  <button type="button" className="link" onClick={message.action.onSelect}>
                    {message.action.label}
                  </button>
                </Radix.Action>
              ) : null}
            </p>
          </Radix.Description>
          <Radix.Close asChild>
            <IconButton icon="close" size="small" label={t('close')} />
          </Radix.Close>
        </Radix.Root>
      ))}
      <Radix.Viewport className="toasts" />
    </Radix.Provider>
  );
}
