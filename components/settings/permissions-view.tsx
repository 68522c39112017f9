'use client';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { useT } from '@/lib/i18n/use-t';
import { meQuery } from '@/lib/queries/me';
import { GrantsTable } from './grants-table';
import { RaiseSection } from './raise-section';
import { SettingsFrame } from './settings-frame';

export function PermissionsView() {
  const t = useT('settings');
  const f = useFormat();
  const { data: me, error, refetch } = useQuery(meQuery());
  return (
    <SettingsFrame section="permissions">
      {me ? (
        <>
          <p className="mb12">
            {t('youAre', { name: me.name, roles: me.roles.join(', ') || t('noRole') })}{' '}
            {me.session ? <span className="fg2">{t('until', { time: f.when(me.session.endsAt) })}</span> : null}
          </p>
          <RaiseSection me={me} />
          <GrantsTable grants={me.grants} within={me.within} caption={t('sections.permissions')} />
          <p className="hint">{t('askAdministrator')}</p>
        </>
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : null}
    </SettingsFrame>
  );
}
