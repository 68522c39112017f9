'use client';
import { type ReactNode, useEffect } from 'react';
import { brokerNames } from '@/components/shared/broker-names';
import { announce } from '@/components/shared/live-region';
import { SplitBar } from '@/components/shared/meter';
import { useFormat } from '@/components/shared/use-format';
import { Button } from '@/components/ui/button';
import { rich } from '@/components/ui/rich';
import { MOST_SEARCHED } from '@/lib/contract/search-limits';
import { useT } from '@/lib/i18n/use-t';
import type { LetterSearch } from './use-letter-search';

/** How far a search is, what it could not look into, and how it ended. */
export function LetterSearchPanel({ search }: { search: LetterSearch }) {
  const t = useT('dead-letters');
  const f = useFormat();
  const { progress, ended, error, hits } = search;
  const isRunning = ended === null;
  const found = f.count(hits.length);
  const isEnd = ended !== null && ended !== 'refused';
  useEffect(() => {
    if (isEnd) announce(t('search.said', { found }));
  }, [isEnd, found, t]);
  if (ended === 'refused') return null;
  const done = progress ? progress.read + progress.skipped.gone + progress.skipped.silent : 0;
  const extent = { read: f.count(progress?.read ?? 0), of: f.count(progress?.of ?? 0) };
  const time = progress?.at ? f.time(progress.at) : '';
  const canGoOn = ended === 'stopped' || ended === 'late' || ended === 'cut' || ended === 'unread';
  return (
    <section className={`scan mb12${isRunning ? '' : ' done'}`} aria-label={t('search.progress')}>
      <div className="flex">
        <div className="grow">
          {progress === null ? (
            t('search.starting')
          ) : (
            <>
              {isRunning && time
                ? t.rich('search.reached', { ...rich, found, time })
                : t.rich('search.found', { ...rich, found })}
              {f.gap}
              <span className="fg3">{t('search.read', extent)}</span>
              {f.gap}
              {ended === 'limit' ? t('search.limit', { time }) : null}
              {ended === 'late' ? t('search.late') : null}
              {ended === 'unread' ? t('search.unread') : null}
              {ended === 'cut' ? <span className="crit">{error?.message || t('search.cut')}</span> : null}
            </>
          )}
        </div>
        {isRunning ? (
          <Button size="small" variant="danger" icon="stop" onClick={search.stop}>
            {t('search.stop')}
          </Button>
        ) : (
          <>
            {canGoOn ? (
              <Button size="small" onClick={search.goOn}>
                {t('search.goOn')}
              </Button>
            ) : null}
            <Button size="small" variant="ghost" onClick={search.again}>
              {t('search.again')}
            </Button>
          </>
        )}
      </div>
      {isRunning ? (
        <div className="lanes">
          <SplitBar
            parts={[{ id: 'read', value: done, tone: 'c1' }]}
            total={progress?.of ?? 0}
            label={t('search.read', extent)}
          />
        </div>
      ) : null}
      <Skipped search={search} />
    </section>
  );
}

/** Nothing when every letter could be looked into. */
function Skipped({ search: { progress } }: { search: LetterSearch }): ReactNode {
  const t = useT('dead-letters');
  const f = useFormat();
  if (!progress) return null;
  const { skipped, failures } = progress;
  const brokers = brokerNames(failures);
  const counted = (['unreadable', 'large', 'notJson', 'gone'] as const).filter((reason) => skipped[reason] > 0);
  if (counted.length === 0 && !brokers) return null;
  const limits = { bytes: f.bytes(MOST_SEARCHED.bytes), parts: f.count(MOST_SEARCHED.parts) };
  return (
    <div className="ln4">
      {brokers ? (
        <span className="warn">
          {t('search.silent', { brokers, n: skipped.silent, count: f.count(skipped.silent) })}
        </span>
      ) : null}
      {counted.map((reason) => (
        <span key={reason}>
          {t(`search.skipped.${reason}`, { ...limits, n: skipped[reason], count: f.count(skipped[reason]) })}
        </span>
      ))}
    </div>
  );
}
