'use client';
import * as Radix from 'radix-ui/dropdown-menu';
import { Icon } from './icon';
import type { MenuItem, MenuProps } from './menu';

export function MenuContent({
  trigger,
  items,
  align = 'end',
  side = 'bottom',
  defaultOpen,
}: MenuProps & { defaultOpen: boolean }) {
  return (
    <Radix.Root defaultOpen={defaultOpen} modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className="menu" align={align} side={side} sideOffset={4} collisionPadding={8} loop>
          {items.map((item) => (
            <Entry key={item.id} item={item} />
          ))}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

function Entry({ item }: { item: MenuItem }) {
  if (item.kind === 'line')
    return (
      <Radix.Separator asChild>
        <hr />
      </Radix.Separator>
    );
  if (item.kind === 'label') return <Radix.Label className="ml">{item.label}</Radix.Label>;
  return (
    <Radix.Item
      className={`mi${item.danger ? ' danger' : ''}`}
      aria-disabled={item.disabledReason ? true : undefined}
      {...(item.checked === undefined ? {} : { role: 'menuitemradio', 'aria-checked': item.checked })}
      onSelect={(event) => (item.disabledReason ? event.preventDefault() : item.onSelect())}
    >
      {item.icon ? <Icon name={item.icon} /> : null}
      <span className={item.disabledReason ? 'fg3' : undefined}>
        {item.label}
        {item.disabledReason ? <span className="hint block">{item.disabledReason}</span> : null}
      </span>
      {item.hint ? <span className="d">{item.hint}</span> : null}
      {item.checked ? <Icon name="tick" size={14} className="mla" /> : null}
    </Radix.Item>
  );
}
