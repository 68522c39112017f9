'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Figure } from '@/components/shared/figure';
import { Meter } from '@/components/shared/meter';
import { Sparkline } from '@/components/shared/sparkline';
import { useFormat } from '@/components/shared/use-format';
import { Icon } from '@/components/ui/icon';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { FailureSource, useFailureName } from './failure-name';

type Props = {
  /** Of the choice it is one of. */
  name: string;
  failure: FailureRow;
  isChosen: boolean;
  isNew: boolean;
  onChoose: () => void;
  onNote: () => void;
};

/** One cause: what, when, by what it is told apart; while a job sends its letters, how far that is. */
export function FailureItem({ name, failure, isChosen, isNew, onChoose, onNote }: Props) {
  const t = useT('dead-letters');
  const f = useFormat();
  const nameOf = useFailureName();
  const lastHour = failure.hours.at(-1) ?? 0;
  const { progress } = failure;
  const [from, to] = [f.time(failure.firstAt, 'minute'), f.time(failure.lastAt, 'minute')];
  const span = from === to ? to : t('failures.span', { from, to });
  return (
    <li className={`fg${isChosen ? ' on' : ''}`}>
      <label>
        <input type="radio" className="rb" name={name} checked={isChosen} onChange={onChoose} />
        <span className="fgn">
          <b>{nameOf(failure)}</b>
          {progress ? (
            <Progress {...progress} />
          ) : (
            <span className="sub">
              {span} · <FailureSource failure={failure} />{' '}
              {isNew ? <span className="tag new">{t('newHere')}</span> : null}
            </span>
          )}
        </span>
      </label>
      <Sparkline
        values={failure.hours}
        floor={5}
        tone={lastHour > 0 ? 'crit' : 'mute'}
        label={t('failures.trend', { count: f.count(failure.hours.reduce((sum, count) => sum + count, 0)) })}
      />
      <div className="tr">
        <Figure value={failure.open} strong tone={failure.open === 0 ? 'fg3' : undefined} />
        <span className="sub">
          {lastHour > 0 ? t('failures.perHour', { count: f.count(lastHour) }) : t('failures.quiet')}
        </span>
      </div>
      <More failure={failure} isChosen={isChosen} onNote={onNote} />
    </li>
  );
}

function Progress({ sent, of }: NonNullable<FailureRow['progress']>) {
  const t = useT('dead-letters');
  const f = useFormat();
  if (of === null) return <span className="sub going">{t('failures.progressUnknown', { sent: f.count(sent) })}</span>;
  const text = t('failures.progress', { sent: f.count(sent), total: f.count(of) });
  return (
    <span className="sub going">
      <Meter value={sent} limit={of} tone="info" width={96} label={text} /> {text}
    </span>
  );
}

/** What a trace and a run of one of its letters told, and what somebody wrote about it. */
function More({ failure, isChosen, onNote }: Pick<Props, 'failure' | 'isChosen' | 'onNote'>) {
  const t = useT('dead-letters');
  const f = useFormat();
  const { note, diagnosis, traced, text } = failure;
  if (!note && !diagnosis && !traced && !isChosen) return null;
  const isNamedByRun = text === null && !traced;
  return (
    <div className="fgm small">
      {traced ? (
        <span className="fg2">
          {text === null
            ? t('traced.of', { n: traced.letters, count: f.count(traced.letters), client: traced.client ?? '–' })
            : t('traced.said', { result: t(`traced.${traced.result}`), client: traced.client ?? '–' })}
        </span>
      ) : null}
      {diagnosis ? (
        <span className="fg2">
          {isNamedByRun
            ? t('diagnosis.of', { n: diagnosis.letters, count: f.count(diagnosis.letters) })
            : t('diagnosis.said', { text: diagnosis.text })}{' '}
          <ClusterLink className="link" href={`/jobs/${diagnosis.jobId}`}>
            {t('byJob', { id: diagnosis.jobId.slice(-6) })}
          </ClusterLink>
        </span>
      ) : null}
      {note ? (
        <span className="note" data-tip={t('note.written', { by: note.by, time: f.when(note.at) })}>
          <Icon name="edit" size={12} />
          <span>{t('note.said', { text: note.text, by: note.by })}</span>
        </span>
      ) : null}
      {isChosen || note ? (
        <button type="button" className="link" onClick={onNote}>
          {note ? t('note.change') : t('note.add')}
        </button>
      ) : null}
    </div>
  );
}
