'use client';
import { DataTable } from '@/components/shared/data-table';
import { Icon } from '@/components/ui/icon';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';
import { type TraceEvent, useTraceEvents } from './use-trace-events';

/** The same life as a list: when, what, evidence, and where it is known from. */
export function TraceEvents({ reply }: { reply: TraceReply }) {
  const t = useT('trace');
  const events = useTraceEvents(reply);
  return (
    <DataTable<TraceEvent>
      caption={t('events.caption')}
      rows={events}
      rowKey={(event) => event.id}
      tight
      keys={false}
      columns={[
        {
          id: 'time',
          header: t('events.time'),
          align: 'right',
          cell: (event) => <span className="n">{event.time}</span>,
        },
        {
          id: 'event',
          header: t('events.event'),
          isRowHeader: true,
          className: 'max-[720px]:whitespace-normal!',
          cell: (event) => (
            <span className={`flex ${event.tone}`}>
              <Icon name={event.icon} size={14} />
              <span className="fgc">{event.title}</span>
            </span>
          ),
        },
        {
          id: 'evidence',
          header: t('events.evidence'),
          className: 'clip',
          phone: false,
          cell: (event) => (
            <span className="fg2" data-tip={event.plain}>
              {event.evidence}
            </span>
          ),
        },
        {
          id: 'source',
          header: t('events.source'),
          align: 'right',
          phone: false,
          cell: (event) => <span className="tag">{t(`source.${event.source}`)}</span>,
        },
      ]}
    />
  );
}
