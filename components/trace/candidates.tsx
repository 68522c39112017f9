'use client';
import { DataTable } from '@/components/shared/data-table';
import { Section } from '@/components/shared/page-header';
import { useFormat } from '@/components/shared/use-format';
import { When } from '@/components/shared/when';
import type { TraceReply } from '@/lib/contract/trace';
import { useT } from '@/lib/i18n/use-t';

/** A key need not be unique: which message is meant. */
export function Candidates({ reply, onPick }: { reply: TraceReply; onPick: (uniqKey: string) => void }) {
  const t = useT('trace');
  const f = useFormat();
  const { candidates } = reply;
  return (
    <Section
      className="mb12"
      title={t('candidates.title', { n: candidates.length, count: f.count(candidates.length) })}
      note={t('candidates.note')}
    >
      <DataTable
        caption={t('candidates.caption')}
        rows={candidates}
        rowKey={(row) => row.uniqKey}
        openKey={reply.uniqKey}
        onOpen={(row) => onPick(row.uniqKey)}
        keys={reply.uniqKey === null}
        columns={[
          {
            id: 'id',
            header: t('messageId'),
            isRowHeader: true,
            className: 'mono',
            cell: (row) => (
              <button type="button" className="link" onClick={() => onPick(row.uniqKey)}>
                {row.uniqKey}
              </button>
            ),
          },
          { id: 'topic', header: t('candidates.topic'), cell: (row) => row.topic },
          { id: 'keys', header: t('keys'), className: 'mono', priority: 2, cell: (row) => row.keys.join(' ') },
          { id: 'broker', header: t('broker'), priority: 2, cell: (row) => <span className="fg2">{row.broker}</span> },
          {
            id: 'stored',
            header: t('candidates.stored'),
            align: 'right',
            phone: false,
            cell: (row) => <When at={row.storedAt} />,
          },
        ]}
      />
    </Section>
  );
}
