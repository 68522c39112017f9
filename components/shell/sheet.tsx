'use client';
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { useReturnFocus } from '@/components/ui/use-return-focus';
import { useT } from '@/lib/i18n/use-t';

/** The sidebar on a phone. */
export function Sheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const t = useT('shell');
  const focus = useReturnFocus();
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content
          className="sheet"
          aria-describedby={undefined}
          onOpenAutoFocus={focus.remember}
          onCloseAutoFocus={focus.giveBack}
        >
          <Radix.Title className="sr">{t('menu')}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
