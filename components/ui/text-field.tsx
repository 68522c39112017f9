'use client';
import { type InputHTMLAttributes, type ReactNode, type Ref, type TextareaHTMLAttributes, useId } from 'react';
import { Icon, type IconName } from './icon';

type Shared = { label: ReactNode; hint?: ReactNode; error?: ReactNode; hideLabel?: boolean; fieldClass?: string };
type TextProps = Omit<InputHTMLAttributes<HTMLInputElement>, 'id'> &
  Shared & { icon?: IconName; trailing?: ReactNode; mono?: boolean; width?: string; ref?: Ref<HTMLInputElement> };

export function TextField({
  label,
  hint,
  error,
  hideLabel,
  icon,
  trailing,
  mono = false,
  width = 'w-full',
  fieldClass,
  ref,
  ...rest
}: TextProps) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error} hideLabel={hideLabel} fieldClass={fieldClass}>
      <span className={`input ${width}${error ? ' bad' : ''}`}>
        {icon ? <Icon name={icon} size={14} /> : null}
        <input
          {...rest}
          id={id}
          ref={ref}
          className={mono ? 'mono' : undefined}
          aria-invalid={error ? true : undefined}
          aria-describedby={error || hint ? `${id}-h` : undefined}
        />
        {trailing}
      </span>
    </Field>
  );
}

export function TextArea({
  label,
  hint,
  error,
  hideLabel,
  fieldClass,
  ref,
  ...rest
}: Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, 'id'> & Shared & { ref?: Ref<HTMLTextAreaElement> }) {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} error={error} hideLabel={hideLabel} fieldClass={fieldClass}>
      <textarea
        {...rest}
        id={id}
        ref={ref}
        className="area"
        aria-invalid={error ? true : undefined}
        aria-describedby={error || hint ? `${id}-h` : undefined}
      />
    </Field>
  );
}

function Field({
  id,
  label,
  hint,
  error,
  hideLabel = false,
  fieldClass = '',
  children,
}: Shared & { id: string; children: ReactNode }) {
  return (
    <div className={`field ${fieldClass}`}>
      <label htmlFor={id} className={hideLabel ? 'sr' : undefined}>
        {label}
      </label>
      {children}
      <FieldNote id={`${id}-h`} hint={hint} error={error} />
    </div>
  );
}

function FieldNote({ id, hint, error }: { id: string; hint: ReactNode; error: ReactNode }) {
  if (error)
    return (
      <p className="hint crit" id={id} role="alert">
        {error}
      </p>
    );
  if (hint)
    return (
      <p className="hint" id={id}>
        {hint}
      </p>
    );
  return null;
}
