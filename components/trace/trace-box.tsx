'use client';
import { useEffect, useRef, useState } from 'react';
import { isCovered, isTyping } from '@/components/shared/use-row-keys';
import { Button, IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';

/** One box for any id or key. `/` focuses it. */
export function TraceBox({
  value,
  isSearching,
  onSearch,
  onStop,
}: {
  value: string;
  isSearching: boolean;
  onSearch: (id: string) => void;
  onStop: () => void;
}) {
  const t = useT('trace');
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (!value) field.current?.focus();
  }, [value]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || isTyping(event.target) || isCovered() || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      field.current?.select();
      field.current?.focus();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <form
      className="bar mb12"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(text.trim());
      }}
    >
      <span className="input trq grow max-w-[560px]">
        <Icon name="find" size={14} />
        <input
          ref={field}
          className="mono"
          type="text"
          aria-label={t('box')}
          placeholder={t('placeholder')}
          value={text}
          maxLength={512}
          spellCheck={false}
          autoComplete="off"
          autoCapitalize="off"
          aria-keyshortcuts="/"
          onChange={(event) => setText(event.target.value)}
        />
        {text ? (
          <IconButton
            size="small"
            icon="close"
            label={t('clear')}
            onClick={() => {
              setText('');
              onSearch('');
            }}
          />
        ) : null}
      </span>
      {isSearching ? (
        <Button icon="stop" onClick={onStop}>
          {t('stop')}
        </Button>
      ) : (
        <Button type="submit" variant="primary">
          {t('search')}
        </Button>
      )}
      <span className="say hide-m">{t('accepts')}</span>
    </form>
  );
}
