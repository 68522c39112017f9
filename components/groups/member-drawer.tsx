'use client';
import { type Column, DataTable } from '@/components/shared/data-table';
import { KvList } from '@/components/shared/kv-list';
import { Drawer } from '@/components/ui/drawer';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { clientName } from './client-name';

type Member = GroupDetail['members'][number];
type Held = NonNullable<Member['queues']>[number];

export function MemberDrawer({
  member,
  held,
  ...drawer
}: {
  member: Member;
  held: string | undefined;
  position: { index: number; total: number };
  onPrevious?: (() => void) | undefined;
  onNext?: (() => void) | undefined;
  onClose: () => void;
}) {
  const t = useT('groups');
  const columns: Column<Held>[] = [
    {
      id: 'queue',
      header: t('detail.queueTable.queue'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => `${row.broker}/${row.queueId}`,
    },
    { id: 'topic', header: t('detail.subTable.topic'), className: 'clip', cell: (row) => row.topic },
  ];
  return (
    <Drawer label={t('detail.memberTable.client')} title={member.clientId} mono {...drawer}>
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
          { id: 'brokers', label: t('detail.drawer.connected'), value: member.brokers.join(', '), mono: true },
        ]}
      />
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
