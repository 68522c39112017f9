'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { ProblemNote } from '@/components/plans/problem-note';
import { ShortTable } from '@/components/shared/short-table';
import { ErrorState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import type { AccountRow } from '@/lib/contract/accounts';
import { useT } from '@/lib/i18n/use-t';
import { accountsQuery, changeAccount } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { NewPerson } from './new-person';
import { SettingsFrame } from './settings-frame';

export function PeopleView() {
  const t = useT('settings');
  const f = useFormat();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(accountsQuery());
  const write = useMutation<AccountRow, ApiProblem, Parameters<typeof changeAccount>[0]>({
    mutationFn: changeAccount,
    onSettled: () => client.invalidateQueries({ queryKey: ['accounts'] }),
  });
  const roles = data?.roles.map(({ name }) => name) ?? [];
  return (
    <SettingsFrame section="people">
      {error && !data ? <ErrorState error={error} onRetry={() => void refetch()} /> : null}
      {data ? (
        <ShortTable
          caption={t('sections.people')}
          height=""
          heads={[
            { id: 'name', label: t('person') },
            { id: 'role', label: t('role') },
            { id: 'seen', label: t('lastSeen') },
            { id: 'made', label: t('made') },
            { id: 'act', label: <span className="sr">{t('disable')}</span> },
          ]}
        >
          {data.items.map((person) => (
            <tr key={person.id}>
              <th scope="row">
                {person.name} {person.disabledAt === null ? null : <span className="tag">{t('disabled')}</span>}{' '}
                {person.isExternal ? (
                  <span className="tag" data-tip={t('externalHint')}>
                    {t('external')}
                  </span>
                ) : null}
              </th>
              <td>
                {person.isExternal || person.roles.length > 1 ? (
                  person.roles.join(', ') || t('noRole')
                ) : (
                  <Select
                    label={t('roleOf', { name: person.name })}
                    value={person.roles[0] ?? ''}
                    options={roles.map((role) => ({ value: role, label: role }))}
                    onChange={(role) => write.mutate({ id: person.id, roles: [role] })}
                  />
                )}
              </td>
              <td>{person.lastSeenAt === null ? t('never') : f.when(person.lastSeenAt)}</td>
              <td>{f.when(person.createdAt)}</td>
              <td className="r">
                <Button
                  size="small"
                  busy={write.isPending}
                  onClick={() => write.mutate({ id: person.id, isDisabled: person.disabledAt === null })}
                >
                  {person.disabledAt === null ? t('disable') : t('enable')}
                </Button>
              </td>
            </tr>
          ))}
        </ShortTable>
      ) : null}
      {write.error ? <ProblemNote problem={write.error} /> : null}
      {data ? <NewPerson roles={roles} /> : null}
    </SettingsFrame>
  );
}
