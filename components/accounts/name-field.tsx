'use client';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';

/** The user name of who signs in, where the eye goes first. */
export function NameField({ value, onChange }: { value: string; onChange: (name: string) => void }) {
  const t = useT('accounts');
  return (
    <TextField
      label={t('name')}
      name="name"
      autoComplete="username"
      autoCapitalize="none"
      spellCheck={false}
      required
      autoFocus
      maxLength={64}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
