'use client';
import { useQueryClient } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useRouter } from 'next/navigation';
import { useHref } from '@/components/shared/cluster-link';
import { toast } from '@/components/ui/toast-store';
import type { Selection } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { exportFile } from './export-file';
import type { RecordAct } from './record-dialog';

const RedriveDialog = dynamic(() => import('@/components/redrive/redrive-dialog').then((m) => m.RedriveDialog), {
  ssr: false,
});
const RecordDialog = dynamic(() => import('./record-dialog').then((m) => m.RecordDialog), { ssr: false });
const PurgeDialog = dynamic(() => import('@/components/purge/purge-dialog').then((m) => m.PurgeDialog), { ssr: false });
const RunOnceDialog = dynamic(() => import('@/components/run-once/run-once-dialog').then((m) => m.RunOnceDialog), {
  ssr: false,
});
const EditDialog = dynamic(() => import('@/components/edit/edit-dialog').then((m) => m.EditDialog), { ssr: false });

export type LetterAct = 'redrive' | RecordAct | 'purge' | 'run-once' | 'edit';
export type OpenDialog = {
  act: LetterAct;
  selection: Selection;
  count: number;
  /** What the list was narrowed to when they were chosen. */
  about?: string | null;
};

type Props = {
  cluster: string;
  group: string;
  open: OpenDialog;
  onClose: () => void;
  onStarted: (act: LetterAct) => void;
};

/** The dialogs of the ledger; each is loaded when it is first asked for. */
export function LetterDialogs({ cluster, group, open, onClose, onStarted }: Props) {
  const t = useT('dead-letters');
  const router = useRouter();
  const href = useHref();
  const client = useQueryClient();
  const { act, selection, count, about = null } = open;
  const [id] = 'ids' in selection ? selection.ids : [];
  if (act === 'run-once') {
    return id === undefined ? null : <RunOnceDialog cluster={cluster} group={group} id={id} onClose={onClose} />;
  }
  const offerFile = async (jobId: string) => {
    const file = await exportFile(client, { cluster, id: jobId });
    if (file === null) return;
    toast({ text: t('exportReady'), action: { label: t('download'), onSelect: () => window.location.assign(file) } });
  };
  const started = (jobId: string) => {
    onClose();
    onStarted(act);
    void client.invalidateQueries({ queryKey: ['snapshot'] });
    toast({
      tone: 'info',
      text: t(`started.${act}`),
      action: { label: t('openJob'), onSelect: () => router.push(href(`/jobs/${jobId}`)) },
    });
    if (act === 'export') void offerFile(jobId);
  };
  const shared = { cluster, group, selection, count, about, onClose, onStarted: started };
  if (act === 'purge') return <PurgeDialog cluster={cluster} group={group} onClose={onClose} onStarted={started} />;
  if (act === 'edit')
    return id === undefined ? null : (
      <EditDialog cluster={cluster} group={group} id={id} onClose={onClose} onStarted={started} />
    );
  if (act === 'redrive') return <RedriveDialog {...shared} />;
  return <RecordDialog act={act} {...shared} />;
}
