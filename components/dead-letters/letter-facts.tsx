'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { type KeyValue, KvList } from '@/components/shared/kv-list';
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
  const items: (KeyValue | null)[] = [
    known.uniqKey
      ? {
          id: 'id',
          label: t('drawer.messageId'),
          value: known.uniqKey,
          mono: true,
          copy: { text: known.uniqKey, what: t('drawer.messageId') },
        }
      : null,
    known.keys.length > 0
      ? {
          id: 'keys',
          label: t('drawer.keys', { n: known.keys.length }),
          value: known.keys.join(' '),
          mono: true,
          copy: { text: known.keys.join(' '), what: t('drawer.keys', { n: known.keys.length }) },
        }
      : null,
    {
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
    },
    {
      id: 'origin',
      label: t('drawer.cameFrom'),
      value: known.originTopic ? (
        <ClusterLink className="link" href="/topics/detail" params={{ topic: known.originTopic }}>
          {known.originTopic}
        </ClusterLink>
      ) : (
        <span className="unk">{t('originUnknown')}</span>
      ),
    },
    {
      id: 'place',
      label: t('drawer.liesIn'),
      value: t('drawer.place', {
        topic: `%DLQ%${group}`,
        queue: `${known.broker}/${known.queueId}`,
        offset: f.count(known.queueOffset),
      }),
      copy: { text: id, what: t('drawer.recordId') },
    },
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
          value: letter.cause ? (
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
  ];
  return <KvList className="mb12" items={items.filter((item) => item !== null)} />;
}
