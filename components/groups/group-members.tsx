'use client';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Figure } from '@/components/shared/figure';
import { EmptyState } from '@/components/shared/states';
import { useFormat } from '@/components/shared/use-format';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { clientName } from './client-name';
import { MemberDrawer } from './member-drawer';

type Member = GroupDetail['members'][number];

export function GroupMembers({
  group,
  open,
  onOpen,
}: {
  group: GroupDetail;
  open: string | null;
  onOpen: (clientId: string | null) => void;
}) {
  const t = useT('groups');
  const f = useFormat();
  const { members } = group;
  const at = members.findIndex(({ clientId }) => clientId === open);
  const shown = members[at];
  const columns: Column<Member>[] = [
    {
      id: 'client',
      header: t('detail.memberTable.client'),
      isRowHeader: true,
      className: 'mono',
      cell: (row) => (
        <button type="button" className="hoverline nm" onClick={() => onOpen(row.clientId)}>
          {row.clientId}
        </button>
      ),
    },
    {
      id: 'address',
      header: t('detail.memberTable.address'),
      priority: 3,
      className: 'mono',
      cell: (row) => row.address,
    },
    {
      id: 'language',
      header: t('detail.memberTable.language'),
      priority: 2,
      cell: (row) => clientName(row),
    },
    {
      id: 'brokers',
      header: t('detail.memberTable.brokers'),
      priority: 3,
      className: 'mono',
      cell: (row) => row.brokers.join(', '),
    },
    {
      id: 'held',
      header: t('detail.memberTable.held'),
      align: 'right',
      cell: (row) => (
        <Figure
          value={row.queues?.length ?? null}
          reason={t('detail.memberTable.heldUnknown')}
          tone={row.queues?.length === 0 ? 'warn' : undefined}
        />
      ),
    },
  ];
  return (
    <>
      <DataTable
        caption={t('detail.memberTable.caption', { group: group.group })}
        columns={columns}
        rows={members}
        rowKey={(row) => row.clientId}
        onOpen={(row) => onOpen(row.clientId)}
        openKey={open}
        footer={{ total: members.length, failures: group.failures }}
        empty={
          group.membersKnown ? (
            <EmptyState icon="no-members" title={t('detail.membersEmpty.title')}>
              {t('detail.membersEmpty.text')}
            </EmptyState>
          ) : (
            <EmptyState icon="unknown" title={t('detail.membersUnknown.title')}>
              {t('detail.membersUnknown.text')}
            </EmptyState>
          )
        }
      />
      {shown ? (
        <MemberDrawer
          member={shown}
          position={{ index: at + 1, total: members.length }}
          onPrevious={at > 0 ? () => onOpen(members[at - 1]?.clientId ?? null) : undefined}
          onNext={at < members.length - 1 ? () => onOpen(members[at + 1]?.clientId ?? null) : undefined}
          onClose={() => onOpen(null)}
          held={shown.queues === null ? undefined : f.count(shown.queues.length)}
        />
      ) : null}
    </>
  );
}
