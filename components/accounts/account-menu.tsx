'use client';
import { useQuery } from '@tanstack/react-query';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { meQuery, signOut } from '@/lib/queries/me';

/** Who is signed in, with the way out. */
export function AccountMenu() {
  const t = useT('shell');
  const { data: me } = useQuery(meQuery());
  const leave = () => signOut().finally(() => window.location.assign('/sign-in'));
  return (
    <>
      <Icon name="person" />
      <div>
        <b>{me?.name ?? ''}</b>
        {me?.roles.join(', ') ?? ''}
      </div>
      <IconButton size="small" icon="leave" label={t('signOut')} onClick={leave} />
    </>
  );
}
