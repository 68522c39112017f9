'use client';
import type { ReactNode } from 'react';

type Props<V extends string> = {
  label: string;
  value: V;
  options: readonly { value: V; label: ReactNode }[];
  onChange: (value: V) => void;
  className?: string;
};

export function Segmented<V extends string>({ label, value, options, onChange, className = '' }: Props<V>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot sit inside a heading line
    <span className={`seg ${className}`} role="group" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </span>
  );
}
