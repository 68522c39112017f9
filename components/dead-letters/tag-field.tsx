'use client';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';

/** A tag is meant as a whole, so it counts once it is typed to its end: by Enter, or by leaving the field. */
export function TagField({ value, onChange }: { value: string; onChange: (tag: string | null) => void }) {
  const t = useT('dead-letters');
  const common = useT('common');
  const send = (text: string) => {
    const tag = text.trim();
    if (tag !== value) onChange(tag || null);
  };
  return (
    <span className="input w-120">
      <input
        // It may come from a row, or from the address.
        key={value}
        type="text"
        aria-label={t('onlyTag')}
        placeholder={t('ledger.tag')}
        defaultValue={value}
        maxLength={255}
        spellCheck={false}
        autoComplete="off"
        onBlur={(event) => send(event.target.value)}
        onKeyDown={({ key, currentTarget }) => key === 'Enter' && send(currentTarget.value)}
      />
      {value ? (
        <button type="button" className="copy" aria-label={common('clearFilter')} onClick={() => send('')}>
          <Icon name="close" size={14} />
        </button>
      ) : null}
    </span>
  );
}
