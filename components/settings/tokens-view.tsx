'use client';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { Banner } from '@/components/shared/banner';
import { CopyButton } from '@/components/shared/copy-button';
import { Section } from '@/components/shared/page-header';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { TextField } from '@/components/ui/text-field';
import type { NewApiToken } from '@/lib/contract/accounts';
import type { Permission } from '@/lib/contract/permissions';
import { useT } from '@/lib/i18n/use-t';
import { createToken, endToken, ownTokensQuery } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { meQuery } from '@/lib/queries/me';
import { PERMISSION_NAMES } from './permission-list';
import { SettingsFrame } from './settings-frame';

export function TokensView() {
  const t = useT('settings');
  const shell = useT('shell');
  const f = useFormat();
  const client = useQueryClient();
  const { data } = useQuery(ownTokensQuery());
  const end = useMutation({
    mutationFn: endToken,
    onSettled: () => client.invalidateQueries({ queryKey: ['me', 'tokens'] }),
  });
  return (
    <SettingsFrame section="tokens">
      <ShortTable
        caption={t('sections.tokens')}
        height=""
        heads={[
          { id: 'name', label: t('tokenName') },
          { id: 'allow', label: t('permission') },
          { id: 'used', label: t('lastUsed') },
          { id: 'expires', label: t('expires') },
          { id: 'act', label: <span className="sr">{t('end')}</span> },
        ]}
        footer={data?.items.length === 0 ? t('noTokens') : undefined}
      >
        {data?.items.map((token) => (
          <tr key={token.id}>
            <th scope="row">{token.name}</th>
            <td className="wrapped">{token.scope.allow.map((each) => shell(`permissions.${each}`)).join(', ')}</td>
            <td>{token.lastUsedAt === null ? t('never') : f.when(token.lastUsedAt)}</td>
            <td className={token.expiresAt < f.now ? 'crit' : undefined}>{f.when(token.expiresAt)}</td>
            <td className="r">
              <Button size="small" busy={end.isPending} onClick={() => end.mutate(token.id)}>
                {t('end')}
              </Button>
            </td>
          </tr>
        ))}
      </ShortTable>
      <NewToken />
    </SettingsFrame>
  );
}

function NewToken() {
  const t = useT('settings');
  const shell = useT('shell');
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery());
  const id = useId();
  const [name, setName] = useState('');
  const [days, setDays] = useState('90');
  const [groups, setGroups] = useState('*');
  const [allow, setAllow] = useState<readonly Permission[]>(['metadata:read']);
  const own = PERMISSION_NAMES.filter((each) => me?.grants.some((grant) => grant.allow.includes(each)));
  const write = useMutation<NewApiToken, ApiProblem, void>({
    mutationFn: () =>
      createToken({ name, days: Number(days), allow: [...allow], groups: groups.split(/[,\s]+/).filter(Boolean) }),
    onSuccess: async () => {
      setName('');
      await client.invalidateQueries({ queryKey: ['me', 'tokens'] });
    },
  });
  return (
    <Section title={t('newToken')} note={t('newTokenNote')} panel>
      {write.data ? (
        <Banner tone="ok" className="mb12" actions={<CopyButton text={write.data.token} what={t('token')} />}>
          {t('tokenOnce')} <span className="mono">{write.data.token}</span>
        </Banner>
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (!write.isPending) write.mutate();
        }}
      >
        <TextField
          label={t('tokenName')}
          required
          maxLength={100}
          width="w-320"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          label={t('days')}
          type="number"
          min={1}
          max={365}
          required
          width="w-120"
          value={days}
          onChange={(event) => setDays(event.target.value)}
        />
        <TextField
          label={t('groupPatterns')}
          hint={t('groupPatternsHint')}
          mono
          width="w-320"
          value={groups}
          onChange={(event) => setGroups(event.target.value)}
        />
        <fieldset className="mb12">
          <legend className="lab">{t('tokenMay')}</legend>
          {own.map((each) => (
            <div key={each} className="flex min-h-6">
              <Checkbox
                id={`${id}-${each}`}
                checked={allow.includes(each)}
                onChange={(isOn) => setAllow(isOn ? [...allow, each] : allow.filter((other) => other !== each))}
              />
              <label htmlFor={`${id}-${each}`}>{shell(`permissions.${each}`)}</label>
            </div>
          ))}
        </fieldset>
        {write.error ? <ProblemNote problem={write.error} /> : null}
        <Button
          type="submit"
          variant="primary"
          busy={write.isPending}
          disabledReason={allow.length === 0 ? t('nothingChosen') : null}
        >
          {t('createToken')}
        </Button>
      </form>
    </Section>
  );
}
