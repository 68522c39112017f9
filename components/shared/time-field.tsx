'use client';
import { type ReactNode, useState } from 'react';
import { TextField } from '@/components/ui/text-field';
import { parseTimeInput } from '@/lib/format/time-input';
import { useT } from '@/lib/i18n/use-t';
import { useFormat } from './use-format';

type Props = {
  label: ReactNode /** Epoch ms, or null while nothing readable is typed. */;
  value: number | null;
  onChange: (at: number | null) => void /** A time in the future is refused. */;
  pastOnly?: boolean;
  width?: string;
  autoFocus?: boolean;
};

/** Accepts what people type, and says below it how it was read, with the zone. */
export function TimeField({ label, value, onChange, pastOnly = false, width = 'w-full' }: Props) {
  const t = useT('common');
  const f = useFormat();
  const [text, setText] = useState(() => (value === null ? '' : f.time(value)));
  const [typedAt, setTypedAt] = useState(value);
  if (value !== typedAt && value !== null) {
    setTypedAt(value);
    setText(f.time(value));
  }
  const isFuture = pastOnly && value !== null && value > Math.max(f.now, Date.now());
  const error =
    text.trim() === ''
      ? undefined
      : value === null
        ? t('time.unreadable', { text: text.trim() })
        : isFuture
          ? t('time.future', { time: f.time(value) })
          : undefined;
  const hint = value === null ? t('time.accepts') : t('time.read', { time: f.time(value), ago: f.ago(value) });
  return (
    <TextField
      label={label}
      width={width}
      icon="calendar"
      value={text}
      spellCheck={false}
      autoComplete="off"
      hint={hint}
      error={error}
      trailing={<span className="u small nowrap">{f.zoneName(value ?? undefined)}</span>}
      onChange={(event) => {
        const at = parseTimeInput(event.target.value, { zone: f.zone, now: Date.now() });
        setText(event.target.value);
        setTypedAt(at);
        onChange(at);
      }}
    />
  );
}
