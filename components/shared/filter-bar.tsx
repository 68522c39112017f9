'use client';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { useT } from '@/lib/i18n/use-t';
import { useFindKey } from './use-find-key';

/** Row of filters above a table. */
export const FilterBar = ({ children }: { children: ReactNode }) => <search className="bar">{children}</search>;

/** Text filter: `/` focuses it, Escape empties it, the address follows 200 ms after the last letter. */
export function FilterText({
  label,
  value,
  onChange,
  width = 'w-240',
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  width?: string;
}) {
  const t = useT('common');
  const field = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const handler = useRef(onChange);
  handler.current = onChange;

  useEffect(() => {
    if (value === sent.current) return;
    sent.current = value;
    setText(value);
  }, [value]);
  useEffect(() => {
    if (text === sent.current) return;
    const timer = setTimeout(() => {
      sent.current = text;
      handler.current(text);
    }, 200);
    return () => clearTimeout(timer);
  }, [text]);
  useFindKey(field);

  return (
    <span className={`input ${width}`}>
      <Icon name="find" size={14} />
      <input
        ref={field}
        type="text"
        aria-label={label}
        placeholder={label}
        value={text}
        maxLength={255}
        spellCheck={false}
        autoComplete="off"
        aria-keyshortcuts="/"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.stopPropagation();
          if (text) setText('');
          else event.currentTarget.blur();
        }}
      />
      {text ? (
        <button type="button" className="copy" aria-label={t('clearFilter')} onClick={() => setText('')}>
          <Icon name="close" size={14} />
        </button>
      ) : (
        <Kbd>/</Kbd>
      )}
    </span>
  );
}

/** A choice with its count. */
export function FilterChip({
  pressed,
  onPress,
  disabledReason,
  count,
  children,
}: {
  pressed: boolean;
  onPress: () => void;
  disabledReason?: string | undefined;
  count?: ReactNode;
  children: ReactNode;
}) {
  return (
    <button
      type="button"
      className="chip"
      aria-pressed={pressed}
      aria-disabled={disabledReason ? true : undefined}
      data-tip={disabledReason}
      onClick={disabledReason ? undefined : onPress}
    >
      {children} {count === undefined || count === null ? null : <b>{count}</b>}
    </button>
  );
}

/**
 * Choices that come and go with the figures: on a wide screen they keep to one line, so that no table below them jumps.
 * `wraps`: they stay as they are until somebody narrows the list, so all of them are shown, on two lines if need be.
 */
export function FilterTrack({ wraps = false, children }: { wraps?: boolean; children: ReactNode }) {
  const track = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = track.current;
    if (!element) return;
    const show = (chip: Element | null) => chip?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const onFocus = ({ target }: Event) => show(target as Element);
    // A wheel that only turns one way turns this too: its scrollbar would take height when it comes.
    const onWheel = ({ deltaX, deltaY }: WheelEvent) => {
      if (deltaX === 0) element.scrollLeft += deltaY;
    };
    element.addEventListener('focusin', onFocus);
    element.addEventListener('wheel', onWheel, { passive: true });
    // What the address filters by is seen from the start.
    show([...element.querySelectorAll('[aria-pressed="true"]')].at(-1) ?? null);
    return () => {
      element.removeEventListener('focusin', onFocus);
      element.removeEventListener('wheel', onWheel);
    };
  }, []);
  return (
    <div ref={track} className={wraps ? 'track wraps' : 'track'}>
      {children}
    </div>
  );
}

/** One of several choices or none: pressing the chosen one takes it back. */
export const FilterChips = <Choice extends string>({
  value,
  options,
  onChange,
}: {
  value: Choice | null;
  options: readonly { value: Choice; label: ReactNode; count?: ReactNode }[];
  onChange: (value: Choice | null) => void;
}) =>
  options.map((option) => (
    <FilterChip
      key={option.value}
      pressed={value === option.value}
      onPress={() => onChange(value === option.value ? null : option.value)}
      count={option.count}
    >
      {option.label}
    </FilterChip>
  ));

/** At the end of the bar: shows what is folded away unless asked for. Absent while nothing is. */
export const FoldedChip = ({
  folded,
  isShown,
  tip,
  words,
  onPress,
}: {
  folded: number;
  isShown: boolean;
  tip: string;
  words: ReactNode;
  onPress: () => void;
}) =>
  folded > 0 || isShown ? (
    <span className="mla" data-tip={tip}>
      <FilterChip pressed={isShown} onPress={onPress}>
        {words}
      </FilterChip>
    </span>
  ) : null;

/** `Field: value ×`. */
export function RemovableFilter({ name, value, onRemove }: { name: string; value: ReactNode; onRemove: () => void }) {
  const t = useT('common');
  return (
    <span className="chip" data-on="">
      {name}:{' '}
      <b className="chipv" {...(typeof value === 'string' ? { 'data-tip': value } : {})}>
        {value}
      </b>
      <button type="button" className="x" aria-label={t('removeFilter', { name })} onClick={onRemove}>
        <Icon name="close" size={12} />
      </button>
    </span>
  );
}
