'use client';
import type { LetterRow } from '@/lib/contract/dead-letters';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { MaskedValue } from './masked-value';

/** A message without a key is called by the end of its id. */
export const IdCell = ({ uniqKey, id }: { uniqKey: string | null; id: string }) => (
  <span className="fg2" data-tip={uniqKey ?? id}>
    {uniqKey ? shortId(uniqKey) : id}
  </span>
);

export function TagCell({ tag }: { tag: string | null }) {
  const t = useT('messages');
  return tag ? <span className="fg2">{tag}</span> : <span className="fg3">{t('cells.noTag')}</span>;
}

export function CauseCell({ cause, masked }: Pick<LetterRow, 'cause' | 'masked'>) {
  const t = useT('messages');
  if (masked?.parts.includes('cause')) return <MaskedValue by={masked.by} />;
  return cause ? (
    <span data-tip={`${cause.property}: ${cause.text}`}>{cause.text}</span>
  ) : (
    <span className="fg3">{t('cells.noCause')}</span>
  );
}

export function OriginCell({ topic }: { topic: string | null }) {
  const t = useT('messages');
  return <span className="fg2">{topic ?? <span className="unk">{t('facts.originUnknown')}</span>}</span>;
}
