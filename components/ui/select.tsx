'use client';
import { Icon } from './icon';

type Props<V extends string> = {
  label: string;
  value: V;
  options: readonly { value: V; label: string; disabled?: boolean }[];
  onChange: (value: V) => void;
  className?: string;
  id?: string;
};

/** The platform's own list: it scrolls, types ahead and works by touch. */
export function Select<V extends string>({ label, value, options, onChange, className = 'w-160', id }: Props<V>) {
  return (
    <span className={`input ${className}`}>
      <select
        id={id}
        className="sel-in"
        aria-label={id ? undefined : label}
        value={value}
        onChange={(event) => onChange(event.target.value as V)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
      <Icon name="chevron-down" size={14} />
    </span>
  );
}
