'use client';
import { useEffect, useState } from 'react';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';

/** A tag is meant as a whole, so it counts once it is typed to its end: by Enter, or by leaving the field. */
export function TagField({ value, onChange }: { value: string; onChange: (tag: string | null) => void }) {
  const t = useT('dead-letters');
  const common = useT('common');
  const [text, setText] = useState(value);
  // It may come from a row, or from the address.
  useEffect(() => setText(value), [value]);
  const send = (tag: string) => {
    setText(tag);
    if (tag !== value) onChange(tag || null);
  };
  return (
    <span className="input w-120">
      <input
        type="text"
        aria-label={t('onlyTag')}
        placeholder={t('ledger.tag')}
        value={text}
        maxLength={255}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onBlur={() => send(text.trim())}
        onKeyDown={(event) => {
          if (event.key === 'Enter') send(text.trim());
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (text) send('');
          else event.currentTarget.blur();
        }}
      />
      {text ? (
        <button type="button" className="copy" aria-label={common('clearFilter')} onClick={() => send('')}>
          <Icon name="close" size={14} />
        </button>
      ) : null}
    </span>
  );
}
