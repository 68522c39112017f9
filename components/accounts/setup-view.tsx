'use client';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { setUp } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { Entrance } from './entrance';
import { NameField } from './name-field';
import { PasswordField } from './password-field';

/** The secret stands behind `#` in the address, where no server and no log sees it. */
export function SetupView() {
  const t = useT('accounts');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({ mutationFn: setUp, onSuccess: () => window.location.assign('/') });
  return (
    <Entrance title={t('setup')}>
      {attempt.error ? <ProblemNote problem={attempt.error as ApiProblem} /> : null}
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          const token = window.location.hash.slice(1);
          if (!attempt.isPending) attempt.mutate({ token, name: name.trim(), password });
        }}
      >
        <NameField value={name} onChange={setName} />
        <PasswordField
          label={t('newPassword')}
          hint={t('passwordRule')}
          name="password"
          autoComplete="new-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" className="w-full" busy={attempt.isPending || attempt.isSuccess}>
          {t('createAdministrator')}
        </Button>
      </form>
      <p className="hint">{t('setupHint')}</p>
    </Entrance>
  );
}
