'use client';
import { type ReactNode, useState } from 'react';
import { ClusterLink } from '@/components/shared/cluster-link';
import { DialogTarget, NothingSent, ReasonField, TypedConfirmation } from '@/components/shared/confirm';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import type { IconName } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { ProblemNote } from './problem-note';
import { useEnv } from './use-env';
import type { Write } from './use-write';

const focused = (button: HTMLButtonElement | null) => button?.focus();

/** Frame of every dialog that writes: what, where, the promise, Cancel and the act with its count. */
export function WriteDialog({
  write,
  title,
  cluster,
  about,
  size = 'slim',
  act,
  icon,
  danger = false,
  promise,
  outcome,
  isUnsaved = false,
  onClose,
  children,
}: {
  write: Write;
  title: ReactNode;
  cluster: string;
  about?: ReactNode;
  size?: 'slim' | 'base' | 'wide';
  act: string;
  icon?: IconName;
  danger?: boolean;
  /** After “Nothing is sent until …”. */
  promise?: ReactNode;
  /** What came of it, in place of the form: once there is something to show, only the way out is left. */
  outcome?: { content: ReactNode; note: ReactNode } | null;
  /** Something was made here that closing would lose: it is asked for first. */
  isUnsaved?: boolean;
  onClose: () => void;
  children: ReactNode;
}) {
  const t = useT('common');
  const env = useEnv(cluster);
  const { missing, busy, problem } = write;
  const isRetry = problem?.status === 0;
  const blocked = isRetry ? null : missing;
  const [isLeaving, setLeaving] = useState(false);
  // Escape closes one layer: the question first.
  const leave = () => {
    if (isLeaving) setLeaving(false);
    else if (isUnsaved && !outcome) setLeaving(true);
    else onClose();
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || leave()}
      title={title}
      subtitle={
        <DialogTarget cluster={cluster} env={env}>
          {about}
        </DialogTarget>
      }
      size={size}
      role={danger ? 'alertdialog' : 'dialog'}
      dismissable={!busy}
      onPrimary={blocked || busy || outcome || isLeaving ? null : write.press}
      promise={
        isLeaving ? (
          <span role="alert">{t('unsaved.lost')}</span>
        ) : outcome ? (
          outcome.note
        ) : (
          <>
            <NothingSent act={act} missing={blocked} /> {blocked ? null : promise}
          </>
        )
      }
      actions={
        isLeaving ? (
          <>
            <Button ref={focused} onClick={() => setLeaving(false)}>
              {t('unsaved.keep')}
            </Button>
            <Button variant="danger" onClick={onClose}>
              {t('unsaved.discard')}
            </Button>
          </>
        ) : outcome ? (
          <Button variant="primary" onClick={onClose}>
            {t('close')}
          </Button>
        ) : (
          <>
            <Button onClick={leave} disabledReason={busy ? t('loading') : null}>
              {t('cancel')}
            </Button>
            <Button
              variant={danger ? 'danger-solid' : 'primary'}
              {...(icon ? { icon } : {})}
              busy={busy}
              disabledReason={blocked}
              onClick={write.press}
            >
              {act}
            </Button>
          </>
        )
      }
    >
      {outcome ? (
        outcome.content
      ) : (
        <>
          {children}
          <WriteProblem write={write} />
        </>
      )}
    </Dialog>
  );
}

/** Why the start did not happen; a stale plan is made anew by itself. */
export function WriteProblem({ write: { problem, isStale } }: { write: Write }) {
  const t = useT('jobs');
  if (!problem) return null;
  const other = (problem.details as { operation?: { id?: string } } | undefined)?.operation?.id;
  return (
    <ProblemNote problem={problem} tone={isStale ? 'warn' : 'crit'}>
      {isStale ? t('write.remade') : null}
      {other ? (
        <ClusterLink className="link" href={`/jobs/${other}`}>
          {t('write.openOther')}
        </ClusterLink>
      ) : null}
    </ProblemNote>
  );
}

export const WriteReason = ({ write }: { write: Write }) => (
  <ReasonField value={write.reason} onChange={write.setReason} touched={write.touched} />
);

/** Nothing when a click is enough. `count` is the number inside the phrase. */
export const WriteConfirmation = ({
  write,
  phrase,
  count,
}: {
  write: Write;
  phrase: string | null;
  count?: number | undefined;
}) =>
  phrase === null ? null : (
    <TypedConfirmation phrase={phrase} count={count} typed={write.typed} onChange={write.setTyped} />
  );
