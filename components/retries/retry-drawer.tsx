'use client';
import { useQuery } from '@tanstack/react-query';
import { MaskedValue } from '@/components/messages/masked-value';
import { MessageFacts } from '@/components/messages/message-facts';
import { MessageSections } from '@/components/messages/message-sections';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { KeyValue } from '@/components/shared/kv-list';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { buttonClass } from '@/components/ui/button';
import { Drawer } from '@/components/ui/drawer';
import { Icon } from '@/components/ui/icon';
import type { RetryMessage } from '@/lib/contract/messages';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { messageDetailQuery } from '@/lib/queries/messages';
import { Countdown } from './countdown';
import { RetryWord } from './use-message-columns';

type Props = {
  cluster: string | undefined;
  id: string;
  messages: readonly RetryMessage[];
  onMove: (id: string | null) => void;
};

/** One message on the ladder. Once it was handed out it leaves the list; its record can still be read. */
export function RetryDrawer({ cluster, id, messages, onMove }: Props) {
  const t = useT('retries');
  const index = messages.findIndex((message) => message.id === id);
  const message = messages[index];
  const before = messages[index - 1];
  const after = index >= 0 ? messages[index + 1] : undefined;
  const detail = useQuery(messageDetailQuery({ cluster, id }));
  const known = message ?? detail.data;
  return (
    <Drawer
      label={t('drawer.label')}
      title={known ? (known.keys[0] ?? (known.uniqKey ? shortId(known.uniqKey) : id)) : id}
      mono
      status={message ? <RetryWord message={message} chip /> : undefined}
      position={index >= 0 ? { index: index + 1, total: messages.length } : undefined}
      onPrevious={before ? () => onMove(before.id) : undefined}
      onNext={after ? () => onMove(after.id) : undefined}
      onClose={() => onMove(null)}
      footer={
        known?.uniqKey ? (
          <ClusterLink className={buttonClass()} href="/trace" params={{ id: known.uniqKey }}>
            <Icon name="trace" />
            {t('drawer.trace')}
          </ClusterLink>
        ) : null
      }
    >
      {message ? null : <p className="mb12 fg2">{t('drawer.left')}</p>}
      <RetryFacts message={message} known={known} id={id} />
      <MessageSections cluster={cluster} query={detail} />
    </Drawer>
  );
}

function RetryFacts({
  message,
  known,
  id,
}: {
  message: RetryMessage | undefined;
  known:
    | Pick<RetryMessage, 'uniqKey' | 'keys' | 'masked' | 'originTopic' | 'broker' | 'queueId' | 'topic' | 'queueOffset'>
    | undefined;
  id: string;
}) {
  const t = useT('retries');
  const words = useT('messages');
  const f = useFormat();
  if (!known) return null;
  const happened: (KeyValue | null)[] = [
    message
      ? {
          id: 'attempt',
          label: t('drawer.next'),
          value: (
            <>
              {message.maxAttempts === null
                ? t('drawer.attempt', { attempt: f.count(message.attempt) })
                : t('drawer.attemptOf', { attempt: f.count(message.attempt), max: f.count(message.maxAttempts) })}{' '}
              {message.where === 'due' ? <span className="warn">{t('drawer.dueNotTaken')}</span> : null}
              {message.dueAt === null ? null : (
                <>
                  {f.time(message.dueAt)} (<Countdown at={message.dueAt} />)
                </>
              )}
            </>
          ),
        }
      : null,
    message
      ? { id: 'failed', label: t('column.failedAt'), value: <When at={message.storedAt} precision="ms" /> }
      : null,
  ];
  const cause: KeyValue | null = message
    ? {
        id: 'cause',
        label: t('column.cause'),
        value: message.masked?.parts.includes('cause') ? (
          <MaskedValue by={message.masked.by} />
        ) : message.cause ? (
          <>
            {message.cause.text} <span className="fg3">({message.cause.property})</span>
          </>
        ) : (
          <span className="fg3">{words('cells.noCause')}</span>
        ),
      }
    : null;
  return <MessageFacts message={known} recordId={id} topic={known.topic} happened={happened} more={[cause]} />;
}
