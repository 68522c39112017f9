'use client';
import type { ButtonHTMLAttributes, MouseEvent, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon';

export type ButtonVariant = 'default' | 'primary' | 'ghost' | 'danger' | 'danger-solid';
export type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'disabled'> & {
  variant?: ButtonVariant;
  size?: 'base' | 'small';
  icon?: IconName;
  /** Icon after the label: the chevron of a menu. */
  trailing?: IconName;
  busy?: boolean;
  /** Why it cannot be pressed. The button stays focusable and says so. */
  disabledReason?: string | null | undefined;
  ref?: Ref<HTMLButtonElement>;
  children?: ReactNode;
};

const CLASS: Record<ButtonVariant, string> = {
  default: '',
  primary: 'primary',
  ghost: 'ghost',
  danger: 'danger',
  'danger-solid': 'danger solid',
};
export const buttonClass = (variant: ButtonVariant = 'default', size: 'base' | 'small' = 'base', extra = '') =>
  `btn ${CLASS[variant]} ${size === 'small' ? 'sm' : ''} ${extra}`.replace(/\s+/g, ' ').trim();

export function Button({
  variant,
  size,
  icon,
  trailing,
  busy = false,
  disabledReason,
  className = '',
  onClick,
  children,
  type = 'button',
  ref,
  ...rest
}: ButtonProps) {
  const isOff = busy || Boolean(disabledReason);
  const press = (event: MouseEvent<HTMLButtonElement>) => (isOff ? event.preventDefault() : onClick?.(event));
  const small = size === 'small' ? 14 : 16;
  return (
    <button
      {...rest}
      ref={ref}
      type={type}
      className={buttonClass(variant, size, className)}
      onClick={press}
      aria-disabled={disabledReason ? true : undefined}
      aria-busy={busy || undefined}
      {...(disabledReason ? { 'data-tip': disabledReason } : {})}
    >
      {busy ? <Icon name="busy" size={small} className="spin" /> : icon ? <Icon name={icon} size={small} /> : null}
      {children}
      {trailing ? <Icon name={trailing} size={14} /> : null}
    </button>
  );
}

/** A button that is only an icon: the label is its name and its tooltip. */
export function IconButton({
  label,
  icon,
  size = 'base',
  variant = 'ghost',
  className = '',
  ...rest
}: Omit<ButtonProps, 'icon' | 'children'> & { label: string; icon: IconName }) {
  return (
    <Button
      {...rest}
      icon={icon}
      size={size}
      variant={variant}
      className={`icon ${className}`}
      aria-label={label}
      data-tip={rest.disabledReason ?? label}
    />
  );
}
