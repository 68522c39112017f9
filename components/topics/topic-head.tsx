'use client';
import type { ReactNode } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import { PageHeader } from '@/components/shared/page-header';
import { useSayParams } from '@/components/shared/say-params';
import { buttonClass } from '@/components/ui/button';
import { rich } from '@/components/ui/rich';
import type { TopicDetail } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';

const CALM: ReadonlySet<string> = new Set(['OK', 'UNKNOWN']);

/** Name, type and the sentence of what the topic holds and who reads it. */
export function TopicHead({
  name,
  topic,
  actions,
}: {
  name: string;
  topic: TopicDetail | undefined;
  /** None where the topic could not be read. */
  actions: ReactNode;
}) {
  const t = useT('topics');
  const owner = /^%(DLQ|RETRY)%(.+)$/.exec(name);
  return (
    <PageHeader
      lead
      title={name || t('unknownTitle')}
      beside={topic ? <span className="tag">{topic.type}</span> : null}
      sentence={topic ? <TopicSentence topic={topic} /> : '\u00a0'}
      actions={
        actions === null ? null : (
          <>
            {owner?.[1] === 'DLQ' ? (
              <ClusterLink className={buttonClass()} href="/dead-letters/group" params={{ group: owner[2] }}>
                {t('detail.openDeadLetters')}
              </ClusterLink>
            ) : null}
            {owner?.[1] === 'RETRY' ? (
              <ClusterLink className={buttonClass()} href="/retries" params={{ group: owner[2] }}>
                {t('detail.openRetries')}
              </ClusterLink>
            ) : null}
            {actions}
          </>
        )
      }
    />
  );
}

function TopicSentence({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const say = useSayParams();
  const counts = say({
    queues: topic.queues.length,
    brokers: new Set(topic.queues.map(({ broker }) => broker)).size,
    groups: topic.groups.length,
    trouble: topic.groups.filter(({ status }) => !CALM.has(status)).length,
    kept: topic.kept ?? 0,
  });
  return t.rich(topic.kept === null ? 'detail.sentenceUnknown' : 'detail.sentence', { ...counts, ...rich } as never);
}
