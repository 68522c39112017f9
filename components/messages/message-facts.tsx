'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { type KeyValue, KvList } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import type { MessageDetail } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { MaskedValue } from './masked-value';

type Props = {
  message: Pick<MessageDetail, 'uniqKey' | 'keys' | 'masked' | 'originTopic' | 'broker' | 'queueId' | 'queueOffset'>;
  recordId: string;
  /** Where the record lies: a retry or dead-letter topic. */
  topic: string;
  /** Between what it is called and where it came from. */
  happened: readonly (KeyValue | null)[];
  /** After where it lies. */
  more: readonly (KeyValue | null)[];
};

/** What a stored message is called, where it came from and where it lies, with what else its page knows. */
export function MessageFacts({ message, recordId, topic, happened, more }: Props) {
  const t = useT('messages');
  const f = useFormat();
  const { uniqKey, keys, masked, originTopic, broker, queueId, queueOffset } = message;
  const copied = (id: string, label: string, text: string): KeyValue => ({
    id,
    label,
    value: text,
    mono: true,
    copy: { text, what: label },
  });
  const items: (KeyValue | null)[] = [
    uniqKey ? copied('id', t('facts.messageId'), uniqKey) : null,
    masked?.parts.includes('keys')
      ? { id: 'keys', label: t('facts.keys', { n: 2 }), value: <MaskedValue by={masked.by} /> }
      : keys.length > 0
        ? copied('keys', t('facts.keys', { n: keys.length }), keys.join(' '))
        : null,
    ...happened,
    {
      id: 'origin',
      label: t('facts.cameFrom'),
      value: originTopic ? (
        <ClusterLink className="link" href="/topics/detail" params={{ topic: originTopic }}>
          {originTopic}
        </ClusterLink>
      ) : (
        <span className="unk">{t('facts.originUnknown')}</span>
      ),
    },
    {
      id: 'place',
      label: t('facts.liesIn'),
      value: t('facts.place', { topic, queue: `${broker}/${queueId}`, offset: f.count(queueOffset) }),
      copy: { text: recordId, what: t('facts.recordId') },
    },
    ...more,
  ];
  return <KvList className="mb12" items={items.filter((item) => item !== null)} />;
}
