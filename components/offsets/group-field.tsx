'use client';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';
import { namesQuery } from '@/lib/queries/clusters';

/** A group by name, with the cluster's own names offered while typing. */
export function GroupField({
  cluster,
  group,
  onChange,
}: {
  cluster: string | undefined;
  group: string | null;
  onChange: (group: string | null) => void;
}) {
  const t = useT('offsets');
  const list = useId();
  const names = useQuery(namesQuery(cluster)).data?.groups ?? [];
  const [text, setText] = useState(group ?? '');
  const [known, setKnown] = useState(group);
  if (group !== known) {
    setKnown(group);
    if (group !== null) setText(group);
  }
  const isUnknown = text !== '' && names.length > 0 && !names.includes(text);
  const isPrefix = names.some((name) => name.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <TextField
        label={t('group')}
        fieldClass="mb0"
        value={text}
        list={list}
        spellCheck={false}
        autoComplete="off"
        placeholder={t('groupPick')}
        error={isUnknown && !isPrefix ? t('groupUnknown') : undefined}
        onChange={({ target: { value } }) => {
          setText(value);
          const name = names.includes(value) ? value : null;
          if (name !== group) onChange(name);
        }}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
