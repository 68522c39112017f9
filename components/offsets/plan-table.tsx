'use client';
import { useState } from 'react';
import { useSaid } from '@/components/plans/use-said';
import { Unknown } from '@/components/shared/figure';
import { Meter } from '@/components/shared/meter';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import { useUnknownReason } from '@/components/shared/wire-figure';
import { Icon } from '@/components/ui/icon';
import type { ResetPlan } from '@/lib/contract/plans';
import { useT } from '@/lib/i18n/use-t';
import { changeOf, isChanged } from './queue-change';

type Queue = ResetPlan['queues'][number];

/** Per queue: now → new, what is replayed or skipped on one scale, who holds it, how it is written. */
export function PlanTable({ plan }: { plan: ResetPlan }) {
  const t = useT('offsets');
  const f = useFormat();
  const [withUnchanged, setWithUnchanged] = useState(false);
  const unchanged = plan.queues.filter((queue) => !isChanged(queue)).length;
  const folds = unchanged > 3 && unchanged < plan.queues.length;
  const queues = folds && !withUnchanged ? plan.queues.filter(isChanged) : plan.queues;
  const scale = Math.max(1, ...plan.queues.map(changeOf));
  return (
    <ShortTable
      caption={t('planCaption')}
      height="max-h-[56vh]"
      heads={[
        { id: 'queue', label: t('queue') },
        { id: 'now', label: t('offsetNow'), className: 'r' },
        { id: 'now-stored', label: t('storedAt'), className: 'r p2' },
        { id: 'becomes', label: <span className="sr">{t('becomes')}</span> },
        { id: 'new', label: t('offsetNew'), className: 'r' },
        { id: 'new-stored', label: t('storedAt'), className: 'r p2' },
        { id: 'change', label: t('change'), className: 'r' },
        { id: 'holder', label: t('heldBy'), className: 'p3' },
        { id: 'path', label: t('path'), className: 'p3' },
        { id: 'note', label: t('note'), className: 'p2' },
      ]}
      footer={
        <>
          <span className={plan.failures.length > 0 ? 'part' : undefined}>
            {t('totals', {
              n: plan.queues.length,
              queues: f.count(plan.queues.length),
              replay: f.count(plan.totals.replay),
              skip: f.count(plan.totals.skip),
            })}
          </span>
          {folds ? (
            <span className="r">
              <button type="button" className="link" onClick={() => setWithUnchanged(!withUnchanged)}>
                {withUnchanged ? t('foldUnchanged') : t('showUnchanged', { n: unchanged, count: f.count(unchanged) })}
              </button>
            </span>
          ) : null}
        </>
      }
    >
      {queues.map((queue) => (
        <QueueRow key={`${queue.broker}/${queue.queueId}`} queue={queue} scale={scale} />
      ))}
    </ShortTable>
  );
}

function QueueRow({ queue, scale }: { queue: Queue; scale: number }) {
  const t = useT('offsets');
  const f = useFormat();
  const say = useSaid();
  const reason = useUnknownReason();
  const { replay, skip, committedOffset, clientId, path } = queue;
  const notes = queue.warnings.map(({ key, params }) => say(t, `warnings.${key}`, params) ?? key);
  return (
    <tr className={isChanged(queue) ? undefined : 'fg3'}>
      <th scope="row" className="mono">
        {queue.broker}/{queue.queueId}
      </th>
      <td className="r mono">
        {committedOffset === null ? <Unknown reason={reason('no_offset')} /> : f.count(committedOffset)}
      </td>
      <td className="r fg3 p2">
        <When at={queue.committedStoredAt} form="time" />
      </td>
      <td>
        <Icon name="chevron-right" size={12} className="inl" />
      </td>
      <td className="r mono fw5">{f.count(queue.targetOffset)}</td>
      <td className="r p2">
        <When at={queue.targetStoredAt} form="time" />
      </td>
      <td className={`r ${skip > 0 ? 'warn' : replay > 0 ? 'viol' : ''}`}>
        <span className="flex rgt">
          {replay > 0 || skip > 0 ? (
            <span className="hide-m">
              <Meter
                value={changeOf(queue)}
                limit={scale}
                width={80}
                tone={skip > 0 ? 'warn' : 'viol'}
                label={
                  skip > 0 ? t('skipCount', { count: f.count(skip) }) : t('replayCount', { count: f.count(replay) })
                }
              />
            </span>
          ) : null}
          {committedOffset === null
            ? t('changeUnknown')
            : skip > 0
              ? t('skipCount', { count: f.count(skip) })
              : replay > 0
                ? t('replayCount', { count: f.count(replay) })
                : t('unchanged')}
        </span>
      </td>
      <td className="mono fg2 p3 ell max-w-[min(280px,20vw)]" data-tip={clientId ?? undefined}>
        {clientId ?? <span className="fg3">{t('nobody')}</span>}
      </td>
      <td className="small fg2 p3">
        {path === null ? <span className="fg3">–</span> : path === 'server' ? t('pathServer') : t('pathOffset')}
      </td>
      <td className="small warn p2 clip" data-tip={notes.join(' ') || undefined}>
        {notes.join(' ')}
      </td>
    </tr>
  );
}
