'use client';
import { useState } from 'react';
import { PlanNotes } from '@/components/plans/plan-notes';
import { PlanState } from '@/components/plans/plan-state';
import { usePlan } from '@/components/plans/use-plan';
import { useWrite } from '@/components/plans/use-write';
import { WriteConfirmation, WriteDialog, WriteReason } from '@/components/plans/write-dialog';
import { useFormat } from '@/components/shared/use-format';
import { RadioOptions } from '@/components/ui/radio-options';
import type { ExportPlan, HandlePlan, Selection } from '@/lib/contract/plans';
import type { ExportFormat } from '@/lib/contract/words';
import { useT } from '@/lib/i18n/use-t';
import { planExport, planHandle, planReopen } from '@/lib/queries/plans';

export type RecordAct = 'export' | 'handle' | 'reopen';
type Props = {
  act: RecordAct;
  cluster: string;
  group: string;
  selection: Selection;
  count: number;
  /** What the list was narrowed to when they were chosen. */
  about: string | null;
  onClose: () => void;
  onStarted: (jobId: string) => void;
};

const ICON = { export: 'download', handle: 'handled', reopen: 'undo' } as const;

/** What this console keeps of letters: a file of them, a mark that they are handled, or that mark taken back. Nothing on the cluster changes. */
export function RecordDialog({ act, cluster, group, selection, count, about, onClose, onStarted }: Props) {
  const t = useT('purge');
  const f = useFormat();
  const [format, setFormat] = useState<ExportFormat>('jsonl');
  const input = { cluster, group, select: selection };
  const plan = usePlan<ExportPlan | HandlePlan>([act, cluster, group, selection, format], () =>
    act === 'export' ? planExport({ ...input, format }) : act === 'handle' ? planHandle(input) : planReopen(input),
  );
  const write = useWrite(plan, (job) => onStarted(job.id));
  const shown = plan.data;
  const n = shown?.count ?? count;
  const words = { n, count: f.count(n) };
  const texts = {
    export: { title: t('export.title', words), act: t('export.act', words), what: t('export.what') },
    handle: { title: t('handle.title', words), act: t('handle.act', words), what: t('handle.what') },
    reopen: { title: t('reopen.title', words), act: t('reopen.act', words), what: t('reopen.what') },
  };
  const text = texts[act];
  return (
    <WriteDialog
      write={write}
      title={text.title}
      cluster={cluster}
      about={about === null ? group : `${group}, ${about}`}
      act={text.act}
      icon={ICON[act]}
      onClose={onClose}
    >
      <p className="mb12">{text.what}</p>
      {act === 'export' ? <FormatOptions format={format} onChange={setFormat} /> : null}
      <PlanState plan={plan}>
        {shown ? (
          <>
            <PlanNotes plan={shown} t={t} />
            {'skipped' in shown ? <LeftOut plan={shown} /> : null}
            <WriteReason write={write} />
            <WriteConfirmation write={write} phrase={shown.confirm} />
          </>
        ) : null}
      </PlanState>
    </WriteDialog>
  );
}

function FormatOptions({ format, onChange }: { format: ExportFormat; onChange: (format: ExportFormat) => void }) {
  const t = useT('purge');
  return (
    <RadioOptions
      legend={t('export.format')}
      value={format}
      onChange={onChange}
      options={[
        { value: 'jsonl', label: t('export.jsonl'), description: t('export.jsonlWhat') },
        { value: 'csv', label: t('export.csv'), description: t('export.csvWhat') },
      ]}
    />
  );
}

function LeftOut({ plan: { skipped, leftOut } }: { plan: HandlePlan }) {
  const t = useT('purge');
  const f = useFormat();
  const counts = new Map((leftOut ?? []).map(({ reason, count }) => [reason, count]));
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  if (counts.size === 0) return null;
  return (
    <ul className="bul small fg2 mb12">
      {[...counts].map(([reason, n]) => (
        <li key={reason}>
          {t('leftOut', { n, count: f.count(n) })}{' '}
          {t.has(`skipped.${reason}` as never) ? t(`skipped.${reason}` as never) : reason}
        </li>
      ))}
    </ul>
  );
}
