'use client';
import type { ComponentProps } from 'react';
import { useT } from '@/lib/i18n/use-t';
import { Figure } from './figure';

/** Sentences of `unknown.<field>` keys; a key without one is shown as it is. */
export function useUnknownReason(): (key: string | undefined) => string | undefined {
  const t = useT('status');
  return (key) => {
    if (key === undefined) return undefined;
    const path = `unknown.${key}` as const;
    return t.has(path as never) ? t(path as never) : key;
  };
}

type Reasons = { unknown?: Record<string, string> | undefined };
type FieldsOf<Row> = Extract<{ [K in keyof Row]: Row[K] extends number | null ? K : never }[keyof Row], string>;

/** A figure of a reply: a number, a number that leaves something out (◐), or unknown with its reason. */
export function WireFigure<Row extends Reasons>({
  of,
  field,
  ...props
}: { of: Row; field: FieldsOf<Row> } & Omit<ComponentProps<typeof Figure>, 'value' | 'reason' | 'partial'>) {
  const reason = useUnknownReason();
  const value = of[field] as number | null;
  const key = of.unknown?.[field];
  return <Figure {...props} value={value} reason={reason(key)} partial={value !== null && key !== undefined} />;
}
