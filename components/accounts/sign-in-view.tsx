'use client';
import { useMutation } from '@tanstack/react-query';
import { useSearchParams } from 'next/navigation';
import { useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { Banner } from '@/components/shared/banner';
import { Button } from '@/components/ui/button';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';
import { signIn } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { Entrance } from './entrance';
import { nextAddress } from './next-address';
import { PasswordField } from './password-field';

type Props = { idleMinutes: number; hours: number; isNew: boolean };

export function SignInView({ idleMinutes, hours, isNew }: Props) {
  const t = useT('accounts');
  const search = useSearchParams();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: signIn,
    // A whole load: nothing of whoever was here before stays in memory.
    onSuccess: () => window.location.assign(nextAddress(search.get('next'))),
    onError: () => setPassword(''),
  });
  return (
    <Entrance title={t('signIn')}>
      {attempt.error ? (
        <ProblemNote problem={attempt.error as ApiProblem} />
      ) : isNew ? (
        <Banner tone="info" className="mb12">
          {t('noAccounts')}
        </Banner>
      ) : search.has('ended') ? (
        <Banner tone="info" className="mb12">
          {t('ended')}
        </Banner>
      ) : null}
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          if (!attempt.isPending) attempt.mutate({ name: name.trim(), password });
        }}
      >
        <TextField
          label={t('name')}
          name="name"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <PasswordField
          label={t('password')}
          name="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Button type="submit" variant="primary" className="w-full" busy={attempt.isPending || attempt.isSuccess}>
          {t('signIn')}
        </Button>
      </form>
      <p className="hint">{t('limits', { minutes: idleMinutes, hours })}</p>
    </Entrance>
  );
}
