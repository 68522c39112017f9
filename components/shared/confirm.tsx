'use client';
import type { ReactNode } from 'react';
import { EnvTag } from '@/components/ui/env-tag';
import { rich } from '@/components/ui/rich';
import { TextArea, TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';
import { useFormat } from './use-format';

/** Under the title of every dialog that writes: cluster, environment, what else. */
export function DialogTarget({
  cluster,
  env,
  children,
}: {
  cluster: string;
  env?: string | null | undefined;
  children?: ReactNode;
}) {
  return (
    <>
      {cluster} <EnvTag env={env} />
      {children ? <>, {children}</> : null}
    </>
  );
}

/** Reason of a write, up to 500 characters. */
export function ReasonField({
  value,
  onChange,
  required = true,
  touched = false,
}: {
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  touched?: boolean;
}) {
  const t = useT('common');
  return (
    <TextArea
      label={t('confirm.reason')}
      hint={t('confirm.reasonHint')}
      error={touched && required && value.trim() === '' ? t('confirm.reasonMissing') : undefined}
      value={value}
      rows={2}
      maxLength={500}
      required={required}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

const squeeze = (text: string) => text.replace(/[\u00a0\u202f\s]+/g, ' ').trim();
export const isConfirmed = (typed: string, phrase: string): boolean => squeeze(typed) === squeeze(phrase);

/** Typed confirmation. A wrong entry is explained; pasting is allowed. `count` is the number inside the phrase, if there is one. */
export function TypedConfirmation({
  phrase,
  count,
  typed,
  onChange,
}: {
  phrase: string;
  count?: number | undefined;
  typed: string;
  onChange: (typed: string) => void;
}) {
  const t = useT('common');
  const f = useFormat();
  const isPrefix = squeeze(phrase).startsWith(squeeze(typed));
  const number = /\d+/.exec(typed)?.[0];
  const error =
    typed === '' || isPrefix
      ? undefined
      : count !== undefined && number && Number(number) !== count
        ? t('confirm.typedNumber', { typed: number, count: f.count(count) })
        : t('confirm.typed', { typed, phrase });
  return (
    <TextField
      label={t.rich('confirm.typeToConfirm', { ...rich, phrase })}
      value={typed}
      error={error}
      mono
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

/** Left side of a dialog's footer. `missing` names what the act still needs. */
export function NothingSent({ act, missing }: { act: string; missing?: string | null | undefined }) {
  const t = useT('common');
  return <>{missing ? t('confirm.checkFirst', { what: missing }) : t('confirm.nothingSent', { act })}</>;
}
