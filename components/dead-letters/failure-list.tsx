'use client';
import { useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { Figure } from '@/components/shared/figure';
import { Meter } from '@/components/shared/meter';
import { Sparkline } from '@/components/shared/sparkline';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { failuresQuery } from '@/lib/queries/dead-letters';
import { FailureSource, useFailureName } from './failure-name';

const SHOWN = 5;

type Props = {
  cluster: string | undefined;
  group: string;
  /** Number of the one that the list is narrowed to. */
  chosen: number | null;
  onChoose: (failure: number) => void;
};

/** What the letters of a group died of, most open ones first; choosing one narrows the list to its letters. */
export function FailureList({ cluster, group, chosen, onChoose }: Props) {
  const t = useT('dead-letters');
  const f = useFormat();
  const [isWhole, setWhole] = useState(false);
  const name = useId();
  const query = useQuery(failuresQuery({ cluster, group }));
  const items = query.data?.items ?? [];
  if (query.isError && !query.data) return <p className="say">{t('failures.unreadable')}</p>;
  if (items.length === 0) return null;
  const open = items.reduce((sum, item) => sum + item.open, 0);
  const isChosenBelow = items.findIndex(({ id }) => id === chosen) >= SHOWN;
  const shown = isWhole || isChosenBelow ? items : items.slice(0, SHOWN);
  return (
    <section className="fgs" aria-labelledby={`${name}h`}>
      <header>
        <h2 id={`${name}h`}>{t('failures.title')}</h2>
        <small>{t('failures.sum', { n: items.length, count: f.count(items.length), open: f.count(open) })}</small>
        {items.length > SHOWN && !isChosenBelow ? (
          <Button variant="ghost" size="small" className="r" onClick={() => setWhole(!isWhole)}>
            {isWhole ? t('failures.fewer') : t('failures.all', { count: f.count(items.length) })}
          </Button>
        ) : null}
      </header>
      <ul>
        {shown.map((failure) => (
          <FailureItem
            key={failure.id}
            name={name}
            failure={failure}
            isChosen={failure.id === chosen}
            onChoose={() => onChoose(failure.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function FailureItem({
  name,
  failure,
  isChosen,
  onChoose,
}: {
  name: string;
  failure: FailureRow;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const t = useT('dead-letters');
  const f = useFormat();
  const nameOf = useFailureName();
  const lastHour = failure.hours.at(-1) ?? 0;
  const [from, to] = [f.time(failure.firstAt, 'minute'), f.time(failure.lastAt, 'minute')];
  const span = from === to ? to : t('failures.span', { from, to });
  // While a job sends its letters, the line about them says how far that is.
  const { redriving: sending = 0, redriven = 0, consumed = 0 } = failure.states;
  const sent = redriven + consumed;
  const progress = t('failures.progress', { sent: f.count(sent), total: f.count(sent + sending) });
  return (
    <li className={`fg${isChosen ? ' on' : ''}`}>
      <label>
        <input type="radio" className="rb" name={name} checked={isChosen} onChange={onChoose} />
        <span className="fgn">
          <b>{nameOf(failure)}</b>
          <span className="sub">
            {sending > 0 ? (
              <>
                <Meter value={sent} limit={sent + sending} tone="info" width={96} label={progress} /> {progress}
              </>
            ) : (
              <>
                {span} · <FailureSource failure={failure} />
              </>
            )}
          </span>
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
    </li>
  );
}
