'use client';
import { HistoryChart } from '@/components/history/history-chart';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import type { TopicDetail } from '@/lib/contract/topics';
import { historyOfRates } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';

/** As the contract says of `inHistory`. */
const STEP_MS = 120_000;
const HOUR_MS = 3_600_000;

/** Messages written per second over the last hour, as far as this console has been looking. */
export function TopicThroughput({ topic: { inHistory, inHistoryTo } }: { topic: TopicDetail }) {
  const t = useT('topics');
  const f = useFormat();
  const title = t('detail.throughput.title');
  if (inHistoryTo === null || inHistory.every((value) => value === null))
    return (
      <Section panel title={title}>
        <p className="fg3 small mb0">{t('detail.throughput.none')}</p>
      </Section>
    );
  const history = historyOfRates(inHistory, { to: inHistoryTo, stepMs: STEP_MS, lengthMs: HOUR_MS }, f.zone);
  return <HistoryChart history={history} title={title} note={t('detail.throughput.note')} series={['inPerS']} />;
}
