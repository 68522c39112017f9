'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import { ErrorState } from '@/components/shared/states';
import { Skeleton } from '@/components/ui/skeleton';
import type { MessageDetail } from '@/lib/contract/messages';
import { useT } from '@/lib/i18n/use-t';
import { MessageBody } from './message-body';
import { MessageProperties } from './message-properties';

/** Body and properties of a stored record, read when somebody looks at it. */
export function MessageSections({
  cluster,
  query,
}: {
  cluster: string | undefined;
  query: UseQueryResult<MessageDetail>;
}) {
  const t = useT('messages');
  if (query.data)
    return (
      <>
        <MessageBody cluster={cluster} detail={query.data} />
        <MessageProperties detail={query.data} />
      </>
    );
  if (query.error)
    return <ErrorState error={query.error} title={t('unreadable')} onRetry={() => void query.refetch()} />;
  return (
    <section aria-busy="true">
      <h3 className="h3">{t('body.title')}</h3>
      <div className="code">
        <Skeleton width={180} />
      </div>
    </section>
  );
}
