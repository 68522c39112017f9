'use client';
import dynamic from 'next/dynamic';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Figure, Unknown } from '@/components/shared/figure';
import { KvList } from '@/components/shared/kv-list';
import { GroupStatusWord } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import { Drawer } from '@/components/ui/drawer';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { clientName } from './client-name';

/** Loaded with the first drawer. */
const MemberThreads = dynamic(() => import('./member-threads').then(({ MemberThreads: View }) => View), { ssr: false });

type Member = GroupDetail['members'][number];
type Held = NonNullable<Member['queues']>[number];

export function MemberDrawer({
  input,
  member,
  held,
  ...drawer
}: {
  input: { cluster: string | undefined; group: string; clientId: string };
  member: Member;
  held: string | undefined;
  position: { index: number; total: number };
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  onClose: () => void;
}) {
  const t = useT('groups');
  const f = useFormat();
  const { running } = member;
  const columns: Column<Held>[] = [
    {
      id: 'queue',
      header: t('detail.queueTable.queue'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => `${row.broker}/${row.queueId}`,
    },
    { id: 'topic', header: t('detail.subTable.topic'), className: 'clip', cell: (row) => row.topic },
    {
      id: 'cached',
      header: t('detail.memberTable.cached'),
      align: 'right',
      cell: (row) => (
        <Figure
          value={row.cached}
          tone={
            row.cached !== null && running?.cacheLimit != null && row.cached >= running.cacheLimit ? 'crit' : undefined
          }
        />
      ),
    },
    {
      id: 'pulled',
      header: t('detail.drawer.lastPull'),
      align: 'right',
      cell: (row) => (row.lastPullAt === null ? <Unknown /> : f.time(row.lastPullAt)),
    },
    {
      id: 'consumed',
      header: t('detail.drawer.lastConsume'),
      align: 'right',
      cell: (row) => (row.lastConsumeAt === null ? <Unknown /> : f.time(row.lastConsumeAt)),
    },
  ];
  return (
    <Drawer
      label={t('detail.memberTable.client')}
      title={member.clientId}
      mono
      status={member.status ? <GroupStatusWord chip status={member.status} /> : null}
      {...drawer}
    >
      <KvList
        small
        items={[
          {
            id: 'id',
            label: t('detail.memberTable.client'),
            value: member.clientId,
            mono: true,
            copy: { text: member.clientId, what: t('detail.memberTable.id') },
          },
          { id: 'address', label: t('detail.memberTable.address'), value: member.address, mono: true },
          {
            id: 'language',
            label: t('detail.memberTable.language'),
            value: clientName(member),
          },
          ...(running === null
            ? []
            : [
                {
                  id: 'how',
                  label: t('detail.drawer.reads'),
                  value: t('detail.drawer.how', {
                    type: running.consumeType ?? '–',
                    order: running.orderly ? t('detail.drawer.ordered') : t('detail.drawer.concurrent'),
                    threadsN: running.threadsMax ?? 0,
                    threads: f.count(running.threadsMax ?? 0),
                  }),
                },
                ...(running.startedAt === null
                  ? []
                  : [{ id: 'up', label: t('detail.drawer.upSince'), value: f.when(running.startedAt) }]),
                {
                  id: 'sub',
                  label: t('detail.drawer.subscription'),
                  value: running.subscriptions
                    .filter(({ topic }) => !topic.startsWith('%RETRY%'))
                    .map(({ topic, expression }) => `${topic} ${expression || '*'}`)
                    .join(', '),
                },
              ]),
          { id: 'brokers', label: t('detail.drawer.connected'), value: member.brokers.join(', '), mono: true },
        ]}
      />
      <MemberThreads key={member.clientId} input={input} />
      <section>
        <h3 className="h3">
          {t('detail.drawer.queues')} {held === undefined ? null : <small>{held}</small>}
        </h3>
        {member.queues === null ? (
          <p className="fg2">{t('detail.drawer.unknown')}</p>
        ) : member.queues.length === 0 ? (
          <p className="fg2">{t('detail.drawer.empty')}</p>
        ) : (
          <DataTable
            tight
            keys={false}
            caption={t('detail.drawer.queues')}
            columns={columns}
            rows={member.queues}
            rowKey={(row) => `${row.topic} ${row.broker}/${row.queueId}`}
          />
        )}
      </section>
    </Drawer>
  );
}
