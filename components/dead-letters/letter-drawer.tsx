'use client';
import { useQuery } from '@tanstack/react-query';
import { useRefusal } from '@/components/accounts/use-refusal';
import { MessageSections } from '@/components/messages/message-sections';
import { LetterRuns } from '@/components/run-once/letter-runs';
import { Banner } from '@/components/shared/banner';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Button, buttonClass } from '@/components/ui/button';
import { Drawer } from '@/components/ui/drawer';
import { Icon } from '@/components/ui/icon';
import type { LetterRow, LettersReply } from '@/lib/contract/dead-letters';
import { shortId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { messageDetailQuery } from '@/lib/queries/messages';
import type { LetterAct, OpenDialog } from './letter-dialogs';
import { LetterFacts } from './letter-facts';
import { LetterHistory } from './letter-history';
import { LetterWord } from './letter-word';
import { letterName } from './use-letter-columns';

type Props = {
  cluster: string | undefined;
  group: string;
  /** Record id; of the address, so it need not be among the rows. */
  id: string;
  rows: readonly LetterRow[];
  reply: LettersReply | undefined;
  /** The job of the group that is paused. */
  pausedJob: string | null;
  /** Of the list that it is one of. */
  total: number | undefined;
  onMove: (id: string | null) => void;
  onLoadMore: (() => void) | undefined;
  onAct: (dialog: OpenDialog) => void;
};

/** One letter: identity, cause, body, properties, what happened to it. */
export function LetterDrawer({ cluster, group, id, rows, reply, pausedJob, total, onMove, onLoadMore, onAct }: Props) {
  const t = useT('dead-letters');
  const index = rows.findIndex((row) => row.id === id);
  const letter = rows[index];
  const before = rows[index - 1];
  const after = rows[index + 1];
  const detail = useQuery(messageDetailQuery({ cluster, id }));
  const known = letter ?? detail.data;
  const isLast = index >= 0 && !after;
  const mayNot = useRefusal('dead-letter:redrive', { group });
  const act = (chosen: LetterAct) => onAct({ act: chosen, selection: { ids: [id] }, count: 1 });
  const traceId = known?.uniqKey;
  const isPaused = pausedJob !== null && letter?.jobId === pausedJob;
  return (
    <Drawer
      label={t('drawer.label')}
      title={known ? (known.keys.length > 0 ? letterName(known) : known.uniqKey ? shortId(known.uniqKey) : id) : id}
      mono
      status={letter ? <LetterWord state={letter.state} isPaused={isPaused} chip /> : undefined}
      position={index >= 0 ? { index: index + 1, total: total ?? rows.length } : undefined}
      onPrevious={before ? () => onMove(before.id) : undefined}
      onNext={after ? () => onMove(after.id) : isLast ? onLoadMore : undefined}
      onClose={() => onMove(null)}
      footer={
        detail.isError && !letter ? null : (
          <>
            <Button
              variant="primary"
              icon="redrive"
              aria-keyshortcuts="r"
              disabledReason={mayNot}
              onClick={() => act('redrive')}
            >
              {t('act.redrive')}
            </Button>
            {letter?.state === 'handled' ? (
              <Button disabledReason={mayNot} onClick={() => act('reopen')}>
                {t('act.reopen')}
              </Button>
            ) : (
              <Button disabledReason={mayNot} onClick={() => act('handle')}>
                {t('act.handle')}
              </Button>
            )}
            <Button
              disabledReason={mayNot ?? (known?.masked ? t('act.editMasked') : undefined)}
              onClick={() => act('edit')}
            >
              {t('act.edit')}
            </Button>
            <Button disabledReason={mayNot} onClick={() => act('run-once')}>
              {t('act.runOnce')}
            </Button>
            {traceId ? (
              <ClusterLink className={buttonClass()} href="/trace" params={{ id: traceId }}>
                <Icon name="trace" />
                {t('act.trace')}
              </ClusterLink>
            ) : null}
          </>
        )
      }
    >
      {letter?.diedAgainAs ? (
        <Banner tone="crit" className="mb12">
          {t('drawer.diedAgain')}{' '}
          <ClusterLink className="link mono" href="/dead-letters/group" params={{ group, letter: letter.diedAgainAs }}>
            {letter.diedAgainAs}
          </ClusterLink>
        </Banner>
      ) : null}
      <LetterFacts group={group} id={id} letter={letter} detail={detail.data} reply={reply} />
      <LetterRuns cluster={cluster} group={group} id={id} />
      <MessageSections cluster={cluster} query={detail} />
      {traceId ? <LetterHistory cluster={cluster} group={group} id={id} uniqKey={traceId} /> : null}
    </Drawer>
  );
}
