'use client';
import { useEffect, useRef, useState } from 'react';
import { TimeField } from '@/components/shared/time-field';
import { useT } from '@/lib/i18n/use-t';
import { isBackwards, type Span } from './search-params';

/** A time that is still being typed is not asked for at each letter. */
const REST_MS = 400;

/** From when until when the letters died; either may be open. */
export function BetweenFields({ from, to, onChange }: Span & { onChange: (span: Span) => void }) {
  const t = useT('dead-letters');
  const [draft, setDraft] = useState<Span>({ from, to });
  // Counts what came from elsewhere: the fields begin anew then.
  const [round, setRound] = useState(0);
  const sent = useRef<Span>({ from, to });
  const handler = useRef(onChange);
  handler.current = onChange;
  const isWrong = isBackwards(draft);

  useEffect(() => {
    if (isSameSpan(sent.current, { from, to })) return;
    sent.current = { from, to };
    setDraft({ from, to });
    setRound((before) => before + 1);
  }, [from, to]);
  useEffect(() => {
    if (isSameSpan(draft, sent.current) || isBackwards(draft)) return;
    const timer = setTimeout(() => {
      sent.current = draft;
      handler.current(draft);
    }, REST_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  const field = (end: keyof Span) => (
    <TimeField
      key={`${end} ${round}`}
      label={t(`between.${end}`)}
      value={draft[end]}
      onChange={(at) => setDraft((before) => ({ ...before, [end]: at }))}
      width="w-240"
    />
  );
  return (
    <fieldset className="bar min-w-0" aria-label={t('between.label')}>
      {field('from')}
      {field('to')}
      {isWrong ? (
        <p className="hint crit" role="alert">
          {t('between.backwards')}
        </p>
      ) : null}
    </fieldset>
  );
}

const isSameSpan = (one: Span, other: Span): boolean => one.from === other.from && one.to === other.to;
