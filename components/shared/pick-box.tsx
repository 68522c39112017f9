import { Checkbox } from '@/components/ui/checkbox';

/** Chooses a row or the page; as large as its cell. */
export function PickBox({
  name,
  checked,
  disabled,
  onChange,
}: {
  name: string;
  checked: boolean | 'mixed';
  disabled: boolean;
  /** `isRange`: with Shift, from the row chosen before. */
  onChange: (on: boolean, isRange: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box inside has its own name; the label widens what can be hit
    <label>
      <Checkbox
        aria-label={name}
        checked={checked}
        disabled={disabled}
        onChange={(on, { shiftKey }) => onChange(on, shiftKey)}
      />
    </label>
  );
}
