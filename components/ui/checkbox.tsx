'use client';
import { type InputHTMLAttributes, useEffect, useRef } from 'react';

type Props = Omit<InputHTMLAttributes<HTMLInputElement>, 'type' | 'checked' | 'onChange'> & {
  checked: boolean | 'mixed';
  onChange: (checked: boolean, event: { shiftKey: boolean }) => void;
};

/** Native boxes: they work before scripts do and need no inline style. */
export function Checkbox({ checked, onChange, className = '', ...rest }: Props) {
  const box = useRef<HTMLInputElement>(null);
  const shift = useRef(false);
  useEffect(() => {
    if (box.current) box.current.indeterminate = checked === 'mixed';
  }, [checked]);
  return (
    <input
      {...rest}
      ref={box}
      type="checkbox"
      className={`cb ${className}`}
      checked={checked === true}
      aria-checked={checked === 'mixed' ? 'mixed' : undefined}
      onClick={(event) => {
        shift.current = event.shiftKey;
      }}
      onChange={(event) => onChange(event.target.checked, { shiftKey: shift.current })}
    />
  );
}

export function Switch({
  checked,
  onChange,
  label,
  disabled,
}: {
  checked: boolean;
  onChange: (on: boolean) => void;
  label: string;
  disabled?: boolean;
}) {
  return (
    <label className="flex">
      <input
        type="checkbox"
        role="switch"
        aria-checked={checked}
        className="sw"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
      />
      {label}
    </label>
  );
}
