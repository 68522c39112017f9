'use client';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { ProblemNote } from '@/components/plans/problem-note';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { TextArea } from '@/components/ui/text-field';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { noteFailure } from '@/lib/queries/dead-letters';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { useFailureName } from './failure-name';

const MOST = 500;

type Props = { cluster: string | undefined; group: string; failure: FailureRow; onClose: () => void };

/** What somebody knows about a cause, for whoever looks next. */
export function FailureNoteDialog({ cluster, group, failure, onClose }: Props) {
  const t = useT('dead-letters');
  const common = useT('common');
  const f = useFormat();
  const nameOf = useFailureName();
  const client = useQueryClient();
  const { note } = failure;
  const [text, setText] = useState(note?.text ?? '');
  const write = useMutation<unknown, ApiProblem, string>({
    mutationFn: (written) => noteFailure({ cluster, group, failure: failure.id, text: written }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['snapshot'] });
      onClose();
    },
  });
  const written = text.replace(/\s+/g, ' ').trim();
  const isSame = written === (note?.text ?? '');
  const save = () => write.mutate(written);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('note.title')}
      subtitle={nameOf(failure)}
      size="slim"
      dismissable={!write.isPending}
      onPrimary={isSame || write.isPending ? null : save}
      promise={note ? t('note.written', { by: note.by, time: f.when(note.at) }) : null}
      actions={
        <>
          <Button onClick={onClose}>{common('cancel')}</Button>
          <Button
            variant="primary"
            busy={write.isPending}
            disabledReason={isSame ? t('note.same') : null}
            onClick={save}
          >
            {written === '' && note ? t('note.remove') : t('note.save')}
          </Button>
        </>
      }
    >
      <TextArea
        label={t('note.label')}
        hint={t('note.hint')}
        value={text}
        rows={3}
        maxLength={MOST}
        onChange={(event) => setText(event.target.value)}
      />
      {write.error ? <ProblemNote problem={write.error} tone="crit" /> : null}
    </Dialog>
  );
}
