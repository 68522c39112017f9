'use client';
import { useId } from 'react';
import { useNearest } from '@/components/shared/use-nearest';
import { TextField } from '@/components/ui/text-field';
import { useT } from '@/lib/i18n/use-t';
import type { Destination } from './use-destination';

/** A topic by name, with the cluster's own names offered while typing. */
export function TopicField({ cluster, text, setText, names, input }: Destination) {
  const t = useT('redrive');
  const list = useId();
  const typed = text.trim().toLowerCase();
  const isNone =
    input === null && typed !== '' && names.length > 0 && !names.some((name) => name.toLowerCase().includes(typed));
  const near = useNearest('topics', text.trim(), { cluster, enabled: isNone });
  return (
    <>
      <TextField
        label={t('topicName')}
        fieldClass="mb0"
        value={text}
        list={list}
        spellCheck={false}
        autoComplete="off"
        maxLength={255}
        placeholder={t('topicPick')}
        error={isNone ? (near ? t('topicUnknownNear', { name: near }) : t('topicUnknown')) : undefined}
        onChange={({ target }) => setText(target.value)}
      />
      <datalist id={list}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}
