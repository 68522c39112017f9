'use client';
import { useRefusal } from '@/components/accounts/use-refusal';
import { SelectionBar } from '@/components/shared/selection-bar';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import type { LetterAct, OpenDialog } from './letter-dialogs';
import { type LetterSelection, MAX_SELECTED } from './use-letter-selection';

/** Count and size of what is ticked, then what can be done with it; purge is not among it, it takes the whole ledger. */
export function LetterSelectionBar({
  group,
  selection,
  onAct,
}: {
  group: string;
  selection: LetterSelection;
  onAct: (dialog: OpenDialog) => void;
}) {
  const t = useT('dead-letters');
  const f = useFormat();
  const { count, bytes, allHandled, isAll } = selection;
  const tooMany =
    !isAll && count > MAX_SELECTED ? t('tooMany', { max: f.count(MAX_SELECTED), count: f.count(count) }) : undefined;
  const mayNotSend = useRefusal('dead-letter:redrive', { group });
  const mayNotRead = useRefusal('message:body:read', { group });
  const start = (act: LetterAct) => onAct({ act, selection: selection.selection, count });
  return (
    <SelectionBar count={count} note={tooMany ?? (bytes === null ? null : f.bytes(bytes))} onClear={selection.clear}>
      <Button
        variant="primary"
        icon="redrive"
        disabledReason={mayNotSend ?? tooMany}
        aria-keyshortcuts="r"
        onClick={() => start('redrive')}
      >
        {t('act.redrive')}
      </Button>
      <Button disabledReason={mayNotSend ?? tooMany} onClick={() => start(allHandled ? 'reopen' : 'handle')}>
        {allHandled ? t('act.reopen') : t('act.handle')}
      </Button>
      <Button disabledReason={mayNotRead ?? tooMany} onClick={() => start('export')}>
        {t('act.export')}
      </Button>
    </SelectionBar>
  );
}
