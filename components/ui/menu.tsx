'use client';
import { Slot } from 'radix-ui/slot';
import { type ComponentType, type ReactElement, type ReactNode, useState } from 'react';
import type { IconName } from './icon';

export type MenuItem =
  | {
      kind?: 'item';
      id: string;
      label: ReactNode;
      icon?: IconName;
      hint?: ReactNode;
      danger?: boolean;
      checked?: boolean;
      disabledReason?: string | undefined;
      onSelect: () => void;
    }
  | { kind: 'label'; id: string; label: ReactNode }
  | { kind: 'line'; id: string };
export type MenuProps = {
  trigger: ReactElement;
  items: readonly MenuItem[];
  align?: 'start' | 'center' | 'end';
  side?: 'top' | 'bottom';
};

/** The radix menu is loaded when the pointer or the focus first comes near. Until then the trigger is a plain button. */
export function Menu(props: MenuProps) {
  const [loaded, setLoaded] = useState<{
    Content: ComponentType<MenuProps & { defaultOpen: boolean }>;
    open: boolean;
  } | null>(null);
  const load = (open: boolean) => {
    import('./menu-content').then(({ MenuContent }) =>
      setLoaded((before) => ({ Content: MenuContent, open: before?.open || open })),
    );
  };
  if (loaded?.open) return <loaded.Content {...props} defaultOpen />;
  return (
    <Slot
      aria-haspopup="menu"
      aria-expanded={false}
      onPointerEnter={() => load(false)}
      onFocus={() => load(false)}
      onClick={() => load(true)}
    >
      {props.trigger}
    </Slot>
  );
}
