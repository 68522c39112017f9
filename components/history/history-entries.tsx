'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import type { HistoryReply } from '@/lib/contract/history';
import { type Entry, entriesOf } from '@/lib/format/history';
import { useT } from '@/lib/i18n/use-t';

/** What the marks and hatched parts of the charts are, newest first. */
export function HistoryEntries({ reply }: { reply: HistoryReply }) {
  const t = useT('history');
  const f = useFormat();
  const entries = entriesOf(reply).reverse();
  return (
    <section className="panel">
      <header>
        <h3 className="fw5">{t('marks')}</h3>
        <small>{t('marksNote', { n: entries.length, count: f.count(entries.length) })}</small>
      </header>
      <div className="in">
        {entries.length === 0 ? (
          <p className="fg3 small">{t('marksNone')}</p>
        ) : (
          <ul className="small max-h-[264px] overflow-y-auto">
            {entries.map((entry) => (
              <li key={`${entry.at} ${'mark' in entry ? entry.mark.kind : entry.gap.reason}`} className="flex top-al">
                <span className="fg3 n nowrap">{f.time(entry.at)}</span>
                <EntryText entry={entry} />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}

function EntryText({ entry }: { entry: Entry }) {
  const t = useT('history');
  const jobs = useT('jobs');
  const f = useFormat();
  if ('gap' in entry) {
    const { reason, from, to, brokers } = entry.gap;
    return (
      <span className="fg2">
        {t(`gap.${reason}`, { span: f.duration(to - from), brokers: brokers.join(', ') || t('aBroker') })}
      </span>
    );
  }
  const { mark } = entry;
  if (mark.kind === 'job')
    return (
      <ClusterLink className="link" href={`/jobs/${mark.id}`}>
        {t('job', {
          kind: jobs(`kind.${mark.jobKind}`),
          state: jobs(`state.${mark.state}` as 'state.DONE'),
        })}
      </ClusterLink>
    );
  return (
    <span className="viol">
      {t(`jump.${mark.direction}`, { topic: mark.topic, n: mark.messages, count: f.count(mark.messages) })},{' '}
      {t('jumpNote')}
    </span>
  );
}
