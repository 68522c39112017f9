'use client';
import { type Column, DataTable } from '@/components/shared/data-table';
import { Figure } from '@/components/shared/figure';
import { EmptyState } from '@/components/shared/states';
import { GroupStatusWord } from '@/components/shared/status-word';
import { useFormat } from '@/components/shared/use-format';
import type { GroupDetail } from '@/lib/contract/groups';
import { useT } from '@/lib/i18n/use-t';
import { clientName } from './client-name';
import { MemberDrawer } from './member-drawer';

type Member = GroupDetail['members'][number];

export function GroupMembers({
  input,
  group,
  open,
  onOpen,
}: {
  input: { cluster: string | undefined; group: string };
  group: GroupDetail;
  open: string | null;
  onOpen: (clientId: string | null) => void;
}) {
  const t = useT('groups');
  const f = useFormat();
  const { members } = group;
  const isHidden = group.unknown?.members === 'behind_proxy';
  const at = members.findIndex(({ clientId }) => clientId === open);
  const shown = members[at];
  const why = (row: Member) => (row.notRead === null ? undefined : t('detail.memberTable.heldUnknown'));
  const columns: Column<Member>[] = [
    {
      id: 'status',
      header: t('detail.memberTable.status'),
      cell: (row) => (row.status ? <GroupStatusWord status={row.status} /> : <span className="fg3">–</span>),
    },
    {
      id: 'client',
      header: t('detail.memberTable.client'),
      isRowHeader: true,
      className: 'mono max-[720px]:whitespace-normal max-[720px]:break-all',
      cell: (row) => (
        <button
          type="button"
          className="hoverline nm text-left max-[720px]:max-w-full! max-[720px]:whitespace-normal!"
          onClick={() => onOpen(row.clientId)}
        >
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
          reason={why(row)}
          tone={row.queues?.length === 0 ? 'warn' : undefined}
        />
      ),
    },
    {
      id: 'cached',
      header: <span data-tip={t('detail.memberTable.cachedTip')}>{t('detail.memberTable.cached')}</span>,
      align: 'right',
      priority: 2,
      cell: (row) => <Figure value={cachedOf(row)} reason={why(row)} tone={isFull(row) ? 'crit' : undefined} />,
    },
    {
      id: 'time',
      header: <span data-tip={t('detail.memberTable.timeTip')}>{t('detail.memberTable.time')}</span>,
      align: 'right',
      priority: 3,
      cell: (row) => <Figure value={row.running?.consumeMs} as="duration" reason={why(row)} />,
    },
    {
      id: 'ok',
      header: t('detail.memberTable.ok'),
      align: 'right',
      priority: 3,
      cell: (row) => <Figure value={row.running?.okPerS} as="rate" reason={why(row)} />,
    },
    {
      id: 'failed',
      header: t('detail.memberTable.failed'),
      align: 'right',
      priority: 3,
      cell: (row) => (
        <Figure
          value={row.running?.failedPerS}
          as="rate"
          reason={why(row)}
          tone={(row.running?.failedPerS ?? 0) > 0 ? 'crit' : 'fg3'}
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
              {t(isHidden ? 'detail.membersUnknown.proxy' : 'detail.membersUnknown.text')}
            </EmptyState>
          )
        }
      />
      {shown ? (
        <MemberDrawer
          input={{ ...input, clientId: shown.clientId }}
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

function cachedOf({ queues }: Member): number | null {
  const told = queues?.flatMap(({ cached }) => cached ?? []) ?? [];
  return told.length > 0 || queues?.length === 0 ? told.reduce((sum, cached) => sum + cached, 0) : null;
}

/** One of its queues has as much in memory as the client takes: it has stopped pulling it. */
const isFull = ({ queues, running }: Member): boolean =>
  queues?.some(({ cached }) => cached !== null && running?.cacheLimit != null && cached >= running.cacheLimit) ?? false;
