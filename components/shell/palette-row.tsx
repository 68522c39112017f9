import { Command } from 'cmdk';
import type { ReactNode } from 'react';
import { Icon, type IconName } from '@/components/ui/icon';

export function PaletteRow({
  icon,
  words,
  note,
  end,
  value,
  onSelect,
}: {
  icon: IconName;
  words: ReactNode;
  note?: string | undefined;
  end?: ReactNode;
  value: string;
  onSelect: () => void;
}) {
  return (
    <Command.Item value={value} onSelect={onSelect}>
      <Icon name={icon} />
      <span className="nowrap">{words}</span>
      {note ? <span className="d">{note}</span> : null}
      {end ? <span className="r">{end}</span> : null}
    </Command.Item>
  );
}

/** Underlines what was typed. */
export function Marked({ name, wanted }: { name: string; wanted: string }) {
  const word = wanted.split(/\s+/)[0] ?? '';
  const at = word ? name.toLowerCase().indexOf(word.toLowerCase()) : -1;
  if (at < 0) return <>{name}</>;
  return (
    <>
      {name.slice(0, at)}
      <mark>{name.slice(at, at + word.length)}</mark>
      {name.slice(at + word.length)}
    </>
  );
}
