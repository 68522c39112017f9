'use client';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Figure } from '@/components/shared/figure';
import { Meter } from '@/components/shared/meter';
import { useFormat } from '@/components/shared/use-format';
import { WireFigure } from '@/components/shared/wire-figure';
import type { TopicDetail } from '@/lib/contract/topics';
import { useT } from '@/lib/i18n/use-t';

type Queue = TopicDetail['queues'][number];
type Row = { broker: string; queues: Queue[] };

/** One line per broker: how evenly its queues hold the topic. */
export function KeptByBroker({ topic }: { topic: TopicDetail }) {
  const t = useT('topics');
  const f = useFormat();
  const rows = rowsOf(topic.queues);
  const limit = Math.max(1, ...topic.queues.map(({ kept }) => kept ?? 0));
  const columns: Column<Row>[] = [
    {
      id: 'broker',
      header: t('detail.byBroker.broker'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => row.broker,
    },
    {
      id: 'queues',
      header: t('detail.byBroker.queues'),
      priority: 2,
      className: 'wrap w-full',
      cell: (row) => (
        <ul className="qcells">
          {row.queues.map((queue) => (
            <li key={queue.queueId}>
              <span className="mono fg3">{queue.queueId}</span>
              {queue.kept === null ? null : (
                <Meter
                  value={queue.kept}
                  limit={limit}
                  width={56}
                  label={t('detail.byBroker.queue', { queue: queue.queueId, kept: f.count(queue.kept) })}
                />
              )}
              <WireFigure of={queue} field="kept" />
            </li>
          ))}
        </ul>
      ),
    },
    {
      id: 'kept',
      header: t('detail.byBroker.kept'),
      align: 'right',
      cell: ({ queues }) => {
        const known = queues.flatMap(({ kept }) => kept ?? []);
        return (
          <Figure
            value={known.length > 0 ? known.reduce((sum, kept) => sum + kept, 0) : null}
            partial={known.length < queues.length}
          />
        );
      },
    },
  ];
  return (
    <DataTable
      keys={false}
      caption={t('detail.byBroker.caption', { topic: topic.topic })}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.broker}
    />
  );
}

function rowsOf(queues: readonly Queue[]): Row[] {
  const byBroker = new Map<string, Queue[]>();
  for (const queue of queues) {
    const list = byBroker.get(queue.broker) ?? [];
    list.push(queue);
    byBroker.set(queue.broker, list);
  }
  return [...byBroker].map(([broker, list]) => ({ broker, queues: list }));
}
