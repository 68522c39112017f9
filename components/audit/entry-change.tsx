'use client';
import { Unknown } from '@/components/shared/figure';
import { ShortTable } from '@/components/shared/short-table';
import { useFormat } from '@/components/shared/use-format';
import type { AuditEntryReply } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';

type Change = NonNullable<AuditEntryReply['change']>;
type Queue = Change['queues'][number];

/** The job has them all. */
const MOST_SHOWN = 8;

/** What a reset did to each queue; those that changed most come first. */
export function EntryChange({ change }: { change: Change }) {
  const t = useT('audit');
  const f = useFormat();
  const topics = new Set(change.queues.map(({ topic }) => topic));
  const word = ({ before, after, isWritten }: Queue): { text: string; tone: string } => {
    if (!isWritten) return { text: t('change.notWritten'), tone: 'fg3' };
    if (before === null) return { text: t('change.set'), tone: 'viol' };
    if (before === after) return { text: t('change.same'), tone: 'fg3' };
    return before > after
      ? { text: t('change.replay', { count: f.count(before - after) }), tone: 'viol' }
      : { text: t('change.skip', { count: f.count(after - before) }), tone: 'warn' };
  };
  const shown = change.queues.slice(0, MOST_SHOWN);
  const left = change.total - shown.length;
  return (
    <section>
      <h3 className="h3">
        {t('change.title')} <small>{t('change.note', { n: change.total, count: f.count(change.total) })}</small>
      </h3>
      <ShortTable
        caption={t('change.caption')}
        height=""
        heads={[
          { id: 'queue', label: t('change.queue') },
          { id: 'before', label: t('change.before'), className: 'r' },
          { id: 'after', label: t('change.after'), className: 'r' },
          { id: 'change', label: t('change.change'), className: 'r' },
        ]}
        footer={t('change.more', {
          n: left,
          count: f.count(left),
          replay: f.count(change.replay),
          skip: f.count(change.skip),
        })}
      >
        {shown.map((queue) => {
          const name = `${queue.broker}/${queue.queueId}`;
          const { text, tone } = word(queue);
          return (
            <tr key={`${queue.topic} ${name}`}>
              <th scope="row" className="mono">
                {topics.size > 1 ? `${queue.topic} ${name}` : name}
              </th>
              <td className="r mono">
                {queue.before === null ? <Unknown reason={t('change.noOffset')} /> : f.count(queue.before)}
              </td>
              <td className="r mono">{queue.isWritten ? f.count(queue.after) : '–'}</td>
              <td className={`r ${tone}`}>{text}</td>
            </tr>
          );
        })}
      </ShortTable>
    </section>
  );
}
