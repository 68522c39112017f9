'use client';
import type { ReactNode } from 'react';
import type { Known } from '@/lib/contract/primitives';
import { useT } from '@/lib/i18n/use-t';
import { useFormat } from './use-format';

type Props = {
  /** Null is unknown, never zero. */
  value: number | bigint | null | undefined;
  /** Why it is unknown. */
  reason?: string | undefined;
  /** Words after the number, in fg-3. */
  unit?: ReactNode;
  /** Leaves out brokers that did not answer. */
  partial?: boolean;
  approximate?: boolean;
  /** How to write it; counts by default. */
  as?: 'count' | 'duration' | 'bytes' | 'rate' | 'percent';
  tone?: 'crit' | 'warn' | 'ok' | 'info' | 'viol' | 'fg3' | 'fg2' | undefined;
  strong?: boolean;
};

/** A number with unit, ≈, ◐, or the word “unknown” with its reason. */
export function Figure({
  value,
  reason,
  unit,
  partial = false,
  approximate = false,
  as = 'count',
  tone,
  strong = false,
}: Props) {
  const t = useT('common');
  const f = useFormat();
  if (value === null || value === undefined) return <Unknown reason={reason} />;
  const write = {
    count: () => f.count(value),
    duration: () => f.duration(Number(value)),
    bytes: () => f.bytes(value),
    rate: () => f.rate(Number(value)),
    percent: () => f.percent(Number(value)),
  };
  const text = `${approximate ? '≈ ' : ''}${write[as]()}`;
  const className = ['n', tone, partial ? 'part' : '', strong ? 'fw5' : ''].filter(Boolean).join(' ');
  return (
    <span className={className} {...(partial ? { 'data-tip': t('partial', { count: text }) } : {})}>
      {text}
      {unit ? <span className="u"> {unit}</span> : null}
    </span>
  );
}

export function Unknown({ reason }: { reason?: string | undefined }) {
  const t = useT('common');
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be reachable by keyboard
    <span className="unk" tabIndex={0} data-tip={reason ? t('unknownBecause', { reason }) : t('unknown')}>
      {t('unknown')}
    </span>
  );
}

export function KnownFigure({
  figure,
  ...props
}: Omit<Props, 'value' | 'reason'> & { figure: Known<number | bigint> }) {
  return 'value' in figure ? <Figure {...props} value={figure.value} /> : <Unknown reason={figure.unknown} />;
}
