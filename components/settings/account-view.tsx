'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Section } from '@/components/shared/page-header';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { endSession, ownSessionsQuery } from '@/lib/queries/accounts';
import { meQuery } from '@/lib/queries/me';
import { PasswordForm } from './password-form';
import { SettingsFrame } from './settings-frame';

export function AccountView() {
  const t = useT('settings');
  const f = useFormat();
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const { data } = useQuery(ownSessionsQuery());
  const end = useMutation({
    mutationFn: endSession,
    onSettled: () => client.invalidateQueries({ queryKey: ['me', 'sessions'] }),
  });
  return (
    <SettingsFrame section="account">
      <Section title={t('sessions')} note={t('sessionsNote')}>
        <ShortTable
          caption={t('sessions')}
          height=""
          heads={[
            { id: 'seen', label: t('lastSeen') },
            { id: 'from', label: t('from') },
            { id: 'agent', label: t('browser') },
            { id: 'began', label: t('began') },
            { id: 'act', label: <span className="sr">{t('end')}</span> },
          ]}
        >
          {data?.items.map((session) => (
            <tr key={session.id}>
              <td>{session.isThis ? <b>{t('thisOne')}</b> : f.when(session.lastSeenAt)}</td>
              <td className="mono">{session.ip}</td>
              <td className="trunc">{session.userAgent}</td>
              <td>{f.when(session.createdAt)}</td>
              <td className="r">
                {session.isThis ? null : (
                  <Button size="small" busy={end.isPending} onClick={() => end.mutate(session.id)}>
                    {t('end')}
                  </Button>
                )}
              </td>
            </tr>
          ))}
        </ShortTable>
      </Section>
      {me?.hasPassword ? (
        <Section title={t('password')} note={t('passwordNote')}>
          <PasswordForm />
        </Section>
      ) : null}
    </SettingsFrame>
  );
}
