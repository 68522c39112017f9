'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { PasswordField } from '@/components/accounts/password-field';
import { ProblemNote } from '@/components/plans/problem-note';
import { Section } from '@/components/shared/page-header';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { TextField } from '@/components/ui/text-field';
import { toast } from '@/components/ui/toast-store';
import type { AccountRow } from '@/lib/contract/accounts';
import { useT } from '@/lib/i18n/use-t';
import { createAccount } from '@/lib/queries/accounts';
import type { ApiProblem } from '@/lib/queries/fetcher';

/** Whoever has least is made first: a viewer, unless another role is chosen. */
export function NewPerson({ roles }: { roles: readonly string[] }) {
  const t = useT('settings');
  const accounts = useT('accounts');
  const client = useQueryClient();
  const roleId = useId();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState('viewer');
  const write = useMutation<AccountRow, ApiProblem, void>({
    mutationFn: () => createAccount({ name: name.trim(), password, roles: [role] }),
    onSuccess: async (made) => {
      toast({ text: t('personMade', { name: made.name }) });
      setName('');
      setPassword('');
      await client.invalidateQueries({ queryKey: ['accounts'] });
    },
  });
  return (
    <Section title={t('newPerson')} note={t('newPersonNote')} panel>
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          if (!write.isPending) write.mutate();
        }}
      >
        <TextField
          label={accounts('name')}
          autoComplete="off"
          required
          maxLength={64}
          width="w-320"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <PasswordField
          label={t('firstPassword')}
          hint={accounts('passwordRule')}
          autoComplete="new-password"
          required
          width="w-320"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <div className="field">
          <label htmlFor={roleId}>{t('role')}</label>
          <Select
            id={roleId}
            label={t('role')}
            value={role}
            options={roles.map((each) => ({ value: each, label: each }))}
            onChange={setRole}
          />
        </div>
        {write.error ? <ProblemNote problem={write.error} /> : null}
        <Button type="submit" variant="primary" busy={write.isPending}>
          {t('createPerson')}
        </Button>
      </form>
    </Section>
  );
}
