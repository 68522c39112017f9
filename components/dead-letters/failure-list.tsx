'use client';
import dynamic from 'next/dynamic';
import { useId, useState } from 'react';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import type { FailureRow } from '@/lib/contract/dead-letters';
import { useT } from '@/lib/i18n/use-t';
import { FailureItem } from './failure-item';

const FailureNoteDialog = dynamic(() => import('./failure-note').then((m) => m.FailureNoteDialog), { ssr: false });

const SHOWN = 5;

type Props = {
  cluster: string | undefined;
  group: string;
  items: readonly FailureRow[];
  isUnreadable: boolean;
  /** Number of the one that the list is narrowed to. */
  chosen: number | null;
  /** Causes first seen later than that are new to whoever looks. */
  newSince: number | null;
  onChoose: (failure: number) => void;
};

/** What the letters of a group died of, most open ones first; choosing one narrows the list to its letters. */
export function FailureList({ cluster, group, items, isUnreadable, chosen, newSince, onChoose }: Props) {
  const t = useT('dead-letters');
  const f = useFormat();
  const [isWhole, setWhole] = useState(false);
  const [noted, setNoted] = useState<number | null>(null);
  const name = useId();
  if (isUnreadable) return <p className="say">{t('failures.unreadable')}</p>;
  if (items.length === 0) return null;
  const open = items.reduce((sum, item) => sum + item.open, 0);
  const isChosenBelow = items.findIndex(({ id }) => id === chosen) >= SHOWN;
  const shown = isWhole || isChosenBelow ? items : items.slice(0, SHOWN);
  const notedItem = items.find(({ id }) => id === noted);
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
            isNew={newSince !== null && failure.firstAt > newSince}
            onChoose={() => onChoose(failure.id)}
            onNote={() => setNoted(failure.id)}
          />
        ))}
      </ul>
      {notedItem ? (
        <FailureNoteDialog cluster={cluster} group={group} failure={notedItem} onClose={() => setNoted(null)} />
      ) : null}
    </section>
  );
}
