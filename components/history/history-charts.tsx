'use client';
import type { HistoryReply } from '@/lib/contract/history';
import { entriesOf, type History } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';
import { HistoryChart } from './history-chart';
import { HistoryEntries } from './history-entries';

export function HistoryCharts({ history, reply }: { history: History; reply: HistoryReply }) {
  const t = useT('history');
  const props = { history, gaps: reply.gaps, entries: entriesOf(reply) };
  return (
    <div className="grid g-2 mb12">
      <HistoryChart {...props} title={t('lag')} note={t('lagNote')} series={['lag']} hasLinks />
      <HistoryChart {...props} title={t('age')} note={`${t('ageNote')}, ${t('ageEstimated')}`} series={['lagMs']} />
      <HistoryChart {...props} title={t('rates')} note={t('ratesNote')} series={['inPerS', 'outPerS']} />
      <HistoryChart {...props} title={t('retries')} note={t('retriesNote')} series={['retries', 'retriesDue']} />
      <HistoryChart {...props} title={t('dead')} note={t('deadNote')} series={['deadLetters']} />
      <HistoryEntries reply={reply} />
    </div>
  );
}
