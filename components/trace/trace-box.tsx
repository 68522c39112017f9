'use client';
import { useEffect, useRef, useState } from 'react';
import { useCluster } from '@/components/shared/cluster-link';
import { useFindKey } from '@/components/shared/use-find-key';
import { Button, IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';

/** What a chat or a web page adds when an id is copied from it. */
const withoutInvisible = (text: string) => text.replace(/[\u200b-\u200f\u2060\ufeff]/g, '').trim();

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
  const cluster = useCluster();
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const shown = useRef(value);
  useEffect(() => {
    // What was typed before the scripts had loaded stays.
    if (shown.current === value) setText((text) => field.current?.value || text);
    else setText(value);
    shown.current = value;
  }, [value]);
  useEffect(() => {
    if (!value) field.current?.focus();
  }, [value]);
  useFindKey(field);
  return (
    // A form of its own right: an id pasted before the scripts have loaded is searched all the same.
    <form
      className="bar mb12"
      action="/trace"
      method="get"
      onSubmit={(event) => {
        event.preventDefault();
        onSearch(withoutInvisible(String(new FormData(event.currentTarget).get('id') ?? '')));
      }}
    >
      {cluster ? <input type="hidden" name="cluster" value={cluster} /> : null}
      <span className="input trq grow max-w-[560px]">
        <Icon name="find" size={14} />
        <input
          ref={field}
          className="mono"
          type="text"
          name="id"
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
