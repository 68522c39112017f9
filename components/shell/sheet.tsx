'use client';
import * as Radix from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { useT } from '@/lib/i18n/use-t';

/** The sidebar on a phone. */
export function Sheet({ onClose, children }: { onClose: () => void; children: ReactNode }) {
  const t = useT('shell');
  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim" />
        <Radix.Content className="sheet" aria-describedby={undefined}>
          <Radix.Title className="sr">{t('menu')}</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
