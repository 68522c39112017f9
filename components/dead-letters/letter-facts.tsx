'use client';
import { MaskedValue } from '@/components/messages/masked-value';
import { MessageFacts } from '@/components/messages/message-facts';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { KeyValue } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { LetterRow, LettersReply } from '@/lib/contract/dead-letters';
import type { MessageDetail } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { By } from './use-letter-columns';

type Props = {
  group: string;
  id: string;
  letter: LetterRow | undefined;
  detail: MessageDetail | undefined;
  reply: LettersReply | undefined;
};

export function LetterFacts({ group, id, letter, detail, reply }: Props) {
  const t = useT('dead-letters');
  const f = useFormat();
  const known = letter ?? detail;
  if (!known) return null;
  const diedAt = letter?.diedAt ?? known.storedAt;
  const keptMs = reply?.expiresAt != null && reply.oldestAt !== null ? reply.expiresAt - reply.oldestAt : null;
  const happened: KeyValue = {
    id: 'died',
    label: t('drawer.died'),
    value: (
      <>
        <When at={diedAt} precision="ms" />
        {letter
          ? t('drawer.afterAttempts', {
              n: letter.attempts,
              count: f.count(letter.attempts),
              span: f.duration(Math.max(0, diedAt - letter.bornAt)),
            })
          : null}
      </>
    ),
  };
  const firstDiedAt = detail?.firstDiedAt ?? null;
  const before: KeyValue | null =
    firstDiedAt === null
      ? null
      : { id: 'firstDied', label: t('drawer.firstDied'), value: <When at={firstDiedAt} precision="ms" /> };
  const link = (letterId: string) => (
    <ClusterLink className="link mono" href="/dead-letters/group" params={{ group, letter: letterId }}>
      {letterId}
    </ClusterLink>
  );
  const more: (KeyValue | null)[] = [
    keptMs === null
      ? null
      : {
          id: 'expires',
          label: t('drawer.expires'),
          value: (
            <span data-tip={t('estimate')}>
              {'≈ '}
              <When at={diedAt + keptMs} precision="minute" />
            </span>
          ),
        },
    letter
      ? {
          id: 'cause',
          label: t('drawer.cause'),
          value: letter.masked?.parts.includes('cause') ? (
            <MaskedValue by={letter.masked.by} />
          ) : letter.cause ? (
            <>
              {letter.cause.text} <span className="fg3">{t('drawer.property', { name: letter.cause.property })}</span>
            </>
          ) : (
            <span className="fg3">{t('noCauseLong')}</span>
          ),
        }
      : null,
    letter && (letter.jobId || letter.handledBy)
      ? { id: 'by', label: t('drawer.decidedBy'), value: <By letter={letter} /> }
      : null,
    letter?.copyOf ? { id: 'copyOf', label: t('drawer.copyOf'), value: link(letter.copyOf) } : null,
  ];
  return (
    <MessageFacts message={known} recordId={id} topic={`%DLQ%${group}`} happened={[before, happened]} more={more} />
  );
}
