'use client';
import { type ReactNode, useId } from 'react';

export type Option<V extends string> = {
  value: V;
  label: ReactNode;
  description?: ReactNode;
  disabledReason?: string | undefined;
};
type Props<V extends string> = {
  legend: string;
  hideLegend?: boolean;
  value: V;
  options: readonly Option<V>[];
  onChange: (value: V) => void;
};

/** Boxed choices, each with its consequence below it. */
export function RadioOptions<V extends string>({ legend, hideLegend = false, value, options, onChange }: Props<V>) {
  const name = useId();
  return (
    <fieldset className="field">
      <legend className={hideLegend ? 'sr' : 'lab'}>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className={`opt${option.value === value ? ' on' : ''}`}>
          <input
            type="radio"
            className="rb"
            name={name}
            checked={option.value === value}
            disabled={Boolean(option.disabledReason)}
            onChange={() => onChange(option.value)}
          />
          <div>
            <span className="fw5">{option.label}</span>
            {option.description ? <p>{option.description}</p> : null}
            {option.disabledReason ? <p className="hint warn">{option.disabledReason}</p> : null}
          </div>
        </label>
      ))}
    </fieldset>
  );
}
