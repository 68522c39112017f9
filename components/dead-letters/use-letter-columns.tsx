'use client';
import { useMemo } from 'react';
import { CauseCell, IdCell, OriginCell, TagCell } from '@/components/messages/message-cells';
import { ClusterLink } from '@/components/shared/cluster-link';
import type { Column } from '@/components/shared/data-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { Icon } from '@/components/ui/icon';
import type { LetterRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { LetterWord } from './letter-word';

/** What a person calls a message: its first key, else the end of its id. */
export const letterName = ({ keys, uniqKey, id }: Pick<LetterRow, 'keys' | 'uniqKey' | 'id'>): string =>
  keys[0] ?? uniqKey ?? id;

type About = {
  group: string;
  /** The job of the group that is paused. */
  pausedJob: string | null;
  /** Letters that died later are new to whoever looks. */
  newSince: number | null;
  /** Narrows the list to a tag; undefined where it cannot be. */
  onTag?: ((tag: string) => void) | undefined;
};

export function useLetterColumns({ group, pausedJob, newSince, onTag }: About): Column<LetterRow>[] {
  const t = useT('dead-letters');
  const f = useFormat();
  return useMemo(
    () => [
      {
        id: 'state',
        header: t('ledger.state'),
        cell: (row) => (
          <span className="stl">
            <LetterWord state={row.state} isPaused={row.jobId !== null && row.jobId === pausedJob} />
            {row.diedAgainAs ? <DiedAgain group={group} as={row.diedAgainAs} /> : null}
          </span>
        ),
      },
      {
        id: 'died',
        header: (
          <>
            {t('ledger.died')}
            <Icon name="sorted-down" size={12} />
          </>
        ),
        cell: (row) => (
          <>
            <When at={row.diedAt} form="time" />
            {newSince !== null && row.diedAt > newSince ? (
              <span className="tag new ml-1.5" data-tip={t('newHereSince', { time: f.when(newSince) })}>
                {t('newLetter')}
              </span>
            ) : null}
          </>
        ),
      },
      {
        id: 'key',
        header: t('ledger.key'),
        isRowHeader: true,
        className: 'mono',
        cell: (row) =>
          row.keys.length > 0 ? (
            <>
              {row.keys[0]}
              {row.keys.length > 1 ? <span className="fg3"> +{f.count(row.keys.length - 1)}</span> : null}
            </>
          ) : (
            <IdCell uniqKey={row.uniqKey} id={row.id} />
          ),
      },
      {
        id: 'tag',
        header: t('ledger.tag'),
        phone: false,
        cell: ({ tag }) => (tag && onTag ? <TagButton tag={tag} onTag={onTag} /> : <TagCell tag={tag} />),
      },
      {
        id: 'cause',
        header: t('ledger.cause'),
        className: 'clip',
        priority: 2,
        cell: (row) => <CauseCell cause={row.cause} masked={row.masked} />,
      },
      {
        id: 'origin',
        header: t('ledger.origin'),
        priority: 3,
        cell: (row) => <OriginCell topic={row.originTopic} />,
      },
      {
        id: 'attempts',
        header: t('ledger.attempts'),
        align: 'right',
        phone: false,
        cell: (row) => <span className="n">{f.count(row.attempts)}</span>,
      },
      {
        id: 'size',
        header: t('ledger.size'),
        align: 'right',
        priority: 4,
        cell: (row) => <span className="n">{f.bytes(row.bodyBytes)}</span>,
      },
      {
        id: 'broker',
        header: t('ledger.broker'),
        priority: 3,
        cell: (row) => <span className="fg2 mono">{`${row.broker}/${row.queueId}`}</span>,
      },
      {
        id: 'by',
        header: t('ledger.by'),
        phone: false,
        cell: (row) => <By letter={row} />,
      },
    ],
    [t, f, group, pausedJob, newSince, onTag],
  );
}

function TagButton({ tag, onTag }: { tag: string; onTag: (tag: string) => void }) {
  const t = useT('dead-letters');
  return (
    <button type="button" className="quiet" data-tip={t('onlyTagOf', { tag })} onClick={() => onTag(tag)}>
      {tag}
    </button>
  );
}

/** Leads to the letter that a copy of this one has become. */
function DiedAgain({ group, as }: { group: string; as: string }) {
  const t = useT('dead-letters');
  return (
    <ClusterLink
      className="link small"
      href="/dead-letters/group"
      params={{ group, letter: as }}
      data-tip={t('diedAgainTip', { id: as })}
    >
      <Icon name="dead-again" size={12} />
      <span className="hide-m">{t('diedAgain')}</span>
      <span className="sr only-m">{t('diedAgain')}</span>
    </ClusterLink>
  );
}

/** Who or what decided about it. */
export function By({ letter }: { letter: Pick<LetterRow, 'jobId' | 'handledBy'> }) {
  const t = useT('dead-letters');
  if (letter.jobId)
    return (
      <ClusterLink className="link" href={`/jobs/${letter.jobId}`}>
        {letter.handledBy ?? t('byJob', { id: letter.jobId.slice(-6) })}
      </ClusterLink>
    );
  return letter.handledBy ? (
    <span className="fg3">{letter.handledBy}</span>
  ) : (
    <span className="fg3">{t('nobody')}</span>
  );
}
