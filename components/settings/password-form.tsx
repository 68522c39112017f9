'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { PasswordField } from '@/components/accounts/password-field';
import { ProblemNote } from '@/components/plans/problem-note';
import { Button } from '@/components/ui/button';
import { toast } from '@/components/ui/toast-store';
import { useT } from '@/lib/i18n/use-t';
import { changePassword } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';

export function PasswordForm() {
  const t = useT('settings');
  const accounts = useT('accounts');
  const client = useQueryClient();
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const write = useMutation<unknown, ApiProblem, void>({
    mutationFn: () => changePassword({ current, next }),
    onSuccess: async () => {
      setCurrent('');
      setNext('');
      toast({ text: t('passwordChanged') });
      await client.invalidateQueries({ queryKey: ['me'] });
    },
  });
  return (
    <form
      method="post"
      onSubmit={(event) => {
        event.preventDefault();
        if (!write.isPending) write.mutate();
      }}
    >
      <PasswordField
        label={t('currentPassword')}
        autoComplete="current-password"
        required
        width="w-320"
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <PasswordField
        label={t('nextPassword')}
        hint={accounts('passwordRule')}
        autoComplete="new-password"
        required
        width="w-320"
        value={next}
        onChange={(event) => setNext(event.target.value)}
      />
      {write.error ? <ProblemNote problem={write.error} /> : null}
      <Button type="submit" variant="primary" busy={write.isPending} className="mt8">
        {t('changePassword')}
      </Button>
    </form>
  );
}
