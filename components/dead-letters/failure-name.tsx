'use client';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';

const SHOWN_FIELDS = 5;

/** What letters died of, in a line: the application's words, else what a trace or a run of one of them told, else that nothing does. */
export function useFailureName(): (
  failure: Pick<FailureRow, 'text' | 'kind' | 'isMasked' | 'traced' | 'diagnosis'>,
) => string {
  const t = useT('dead-letters');
  return ({ text, kind, isMasked, traced, diagnosis }) => {
    if (text) return text;
    if (isMasked && kind === 'property') return t('failures.masked');
    if (traced) return t(`traced.${traced.result}`);
    return diagnosis ? t('diagnosis.said', { text: diagnosis.text }) : t('failures.none');
  };
}

/** Where that was read from: “errorType property”, or what the letters have in common. */
export function FailureSource({ failure: { property, shape } }: { failure: FailureRow }) {
  const t = useT('dead-letters');
  if (property !== null) return t('failures.property', { name: property });
  if (!shape) return null;
  const parts = [
    shape.topic,
    shape.tag === null ? null : t('failures.tag', { tag: shape.tag }),
    shape.fields.length > 0
      ? `{${shape.fields.slice(0, SHOWN_FIELDS).join(', ')}${shape.fields.length > SHOWN_FIELDS ? ', …' : ''}}`
      : t(`failures.format.${shape.format}`),
  ];
  return parts.filter(Boolean).join(' · ');
}
