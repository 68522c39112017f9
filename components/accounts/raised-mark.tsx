'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { createPortal } from 'react-dom';
import { useFormat } from '@/components/shared/use-format';
import { RAISED_PLACE } from '@/components/shell/raised-place';
import { IconButton } from '@/components/ui/button';
import type { Me } from '@/lib/contract/accounts';
import { useT } from '@/lib/i18n/use-t';
import { endRaise } from '@/lib/queries/me';

const MINUTE_MS = 60_000;

/** In the top bar while the session has a role besides its own: which, how long still, and the way to end it. */
export function RaisedMark({ raise, now }: { raise: NonNullable<Me['raise']>; now: number }) {
  const t = useT('shell');
  const f = useFormat();
  const client = useQueryClient();
  // What may be done changes with it, and with that what every page shows.
  const refresh = () => client.invalidateQueries();
  const end = useMutation({ mutationFn: endRaise, onSettled: refresh });
  const leftMs = raise.until - now;
  useEffect(() => {
    const timer = setTimeout(() => void client.invalidateQueries(), Math.max(0, leftMs) + 500);
    return () => clearTimeout(timer);
  }, [client, leftMs]);
  const place = document.getElementById(RAISED_PLACE);
  if (!place) return null;
  // By the clock of this machine from when the console's said how much is left.
  const minutes = Math.max(1, Math.ceil((raise.until - Math.max(now, f.now)) / MINUTE_MS));
  return createPortal(
    <span className="raised" data-tip={t('raisedHint', { time: f.time(raise.until), reason: raise.reason })}>
      <b>{t('raised', { role: raise.role, minutes })}</b>
      <IconButton size="small" icon="close" label={t('endRaise')} busy={end.isPending} onClick={() => end.mutate()} />
    </span>,
    place,
  );
}
