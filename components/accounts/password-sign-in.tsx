'use client';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { signIn } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { NameField } from './name-field';
import { PasswordField } from './password-field';

export function PasswordSignIn({ next }: { next: string }) {
  const t = useT('accounts');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const attempt = useMutation({
    mutationFn: signIn,
    // A whole load: nothing of whoever was here before stays in memory.
    onSuccess: () => window.location.assign(next),
    onError: () => setPassword(''),
  });
  return (
    <>
      {attempt.error ? <ProblemNote problem={attempt.error as ApiProblem} /> : null}
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          if (!attempt.isPending) attempt.mutate({ name: name.trim(), password });
        }}
      >
        <NameField value={name} onChange={setName} />
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
    </>
  );
}
