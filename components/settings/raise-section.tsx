'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { Banner } from '@/components/shared/banner';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Select } from '@/components/ui/select';
import { TextField } from '@/components/ui/text-field';
import type { Me } from '@/lib/contract/accounts';
import type { Grant } from '@/lib/contract/permissions';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { endRaise, raiseRole } from '@/lib/queries/me';
import { PERMISSION_NAMES } from './permission-list';

/** The way to have another role for a while, or out of it. */
export function RaiseSection({ me }: { me: Me }) {
  const t = useT('settings');
  const f = useFormat();
  const client = useQueryClient();
  const end = useMutation<unknown, ApiProblem, void>({
    mutationFn: endRaise,
    onSettled: () => client.invalidateQueries(),
  });
  if (me.raise)
    return (
      <Banner
        tone="warn"
        className="mb12"
        actions={
          <Button size="small" busy={end.isPending} onClick={() => end.mutate()}>
            {t('raise.end')}
          </Button>
        }
      >
        {t('raise.now', { role: me.raise.role, time: f.time(me.raise.until), reason: me.raise.reason })}
      </Banner>
    );
  return me.raisable.length > 0 ? <RaiseForm me={me} /> : null;
}

function RaiseForm({ me }: { me: Me }) {
  const t = useT('settings');
  const shell = useT('shell');
  const client = useQueryClient();
  const roleId = useId();
  const [role, setRole] = useState(me.raisable[0]?.role ?? '');
  const offer = me.raisable.find((each) => each.role === role);
  const [minutes, setMinutes] = useState(String(Math.min(30, offer?.maxMinutes ?? 30)));
  const [reason, setReason] = useState('');
  const write = useMutation<unknown, ApiProblem, void>({
    mutationFn: () => raiseRole({ role, minutes: Number(minutes), reason: reason.trim() }),
    onSuccess: () => client.invalidateQueries(),
  });
  const gained = gainedBy(me, offer?.grants ?? []);
  return (
    <Section title={t('raise.title')} note={t('raise.note')} panel className="mb12">
      <form
        method="post"
        onSubmit={(event) => {
          event.preventDefault();
          if (!write.isPending) write.mutate();
        }}
      >
        <div className="field">
          <label htmlFor={roleId}>{t('raise.role')}</label>
          <Select
            id={roleId}
            label={t('raise.role')}
            value={role}
            options={me.raisable.map((each) => ({ value: each.role, label: each.role }))}
            onChange={setRole}
          />
          <p className="hint">
            {gained.length > 0
              ? t('raise.gains', { permissions: gained.map((each) => shell(`permissions.${each}`)).join(', ') })
              : t('raise.gainsNothing')}{' '}
            {t('raise.never')}
          </p>
        </div>
        <TextField
          label={t('raise.minutes', { max: offer?.maxMinutes ?? 0 })}
          type="number"
          min={1}
          max={offer?.maxMinutes}
          required
          width="w-120"
          value={minutes}
          onChange={(event) => setMinutes(event.target.value)}
        />
        <TextField
          label={t('raise.reason')}
          hint={t('raise.reasonHint')}
          required
          minLength={3}
          maxLength={500}
          width="w-320"
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        {write.error ? <ProblemNote problem={write.error} /> : null}
        <Button type="submit" variant="primary" className="mt8" busy={write.isPending}>
          {t('raise.start')}
        </Button>
      </form>
    </Section>
  );
}

/** What the role allows that is not allowed anyway, as far as patterns tell. */
function gainedBy(me: Me, offered: readonly Grant[]) {
  return PERMISSION_NAMES.filter((permission) =>
    offered.some(
      (grant) =>
        grant.allow.includes(permission) &&
        !me.grants.some((own) => own.allow.includes(permission) && covers(own, grant)),
    ),
  );
}

const covers = (own: Grant, other: Grant): boolean =>
  (['clusters', 'groups', 'topics'] as const).every(
    (of) => own[of].includes('*') || other[of].every((each) => own[of].includes(each)),
  );
