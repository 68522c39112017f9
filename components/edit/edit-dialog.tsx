'use client';
import { useQuery } from '@tanstack/react-query';
import { ErrorState } from '@/components/shared/states';
import { Dialog } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { useT } from '@/lib/i18n/use-t';
import { messageDetailQuery } from '@/lib/queries/messages';
import { EditForm } from './edit-form';

type Props = {
  cluster: string;
  group: string;
  id: string;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

/** Edit one letter and redrive it under a new id; its text is read first. */
export function EditDialog(props: Props) {
  const t = useT('edit');
  const { cluster, id, onClose } = props;
  const detail = useQuery(messageDetailQuery({ cluster, id }));
  if (detail.data) return <EditForm {...props} detail={detail.data} />;
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('title')} size="wide">
      {detail.isError ? (
        <ErrorState error={detail.error as never} onRetry={() => void detail.refetch()} />
      ) : (
        <p aria-busy="true">
          <Skeleton width={180} />
        </p>
      )}
    </Dialog>
  );
}
