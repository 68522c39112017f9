'use client';
import { useInfiniteQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { DataTable } from '@/components/shared/data-table';
import { PageHeader } from '@/components/shared/page-header';
import { EmptyState, NoMatchState } from '@/components/shared/states';
import { useList } from '@/components/shared/use-list';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { auditPagesQuery } from '@/lib/queries/audit';
import { AuditFilter } from './audit-filter';
import { BrokenBanner } from './broken-banner';
import { ChainSentence } from './chain-sentence';
import { auditInput, auditParams } from './search-params';
import { useAuditColumns } from './use-audit-columns';
import { useChainWalk } from './use-chain-walk';

const EntryDrawer = dynamic(() => import('./entry-drawer').then((m) => m.EntryDrawer), { ssr: false });

const NO_FILTER = { q: null, who: null, action: null, outcome: null, resource: null, from: null, to: null } as const;

/** Who did what to what, newest first. */
export function AuditView() {
  const t = useT('audit');
  const [params, setParams] = useQueryStates(auditParams, { history: 'replace' });
  const cluster = params.cluster ?? undefined;
  const query = useInfiniteQuery(auditPagesQuery(auditInput(params)));
  const { head, rows, table } = useList(query);
  const walk = useChainWalk(cluster);
  const columns = useAuditColumns();
  const chain = walk.ended ?? head?.chain;
  const actors = query.data?.pages[0]?.actors ?? [];
  const open = (entry: number | null) => void setParams({ entry });
  return (
    <>
      <BrokenBanner chain={chain} onOpen={open} />
      <PageHeader
        title={t('title')}
        sentence={<ChainSentence chain={chain} progress={walk.progress} />}
        keep
        actions={
          walk.progress ? (
            <Button size="small" icon="stop" onClick={walk.stop}>
              {t('verifyStop')}
            </Button>
          ) : (
            <Button size="small" icon="link" onClick={walk.start}>
              {t('verify')}
            </Button>
          )
        }
      />
      <AuditFilter params={params} actors={actors} onChange={(change) => void setParams(change)} />
      <DataTable
        {...table}
        caption={t('caption')}
        columns={columns}
        rowKey={({ seq }) => String(seq)}
        onOpen={({ seq }) => open(seq)}
        openKey={params.entry === null ? null : String(params.entry)}
        steady
        tight
        empty={
          actors.length > 0 ? (
            <NoMatchState query={params.q || undefined} onClear={() => void setParams({ ...NO_FILTER, last: 'all' })} />
          ) : (
            <EmptyState icon="audit" title={t('empty.title')}>
              {t('empty.how')}
            </EmptyState>
          )
        }
        footer={{ total: head?.total }}
      />
      {params.entry === null ? null : (
        <EntryDrawer
          cluster={cluster}
          seq={params.entry}
          rows={rows ?? []}
          total={head?.total}
          onMove={open}
          onLoadMore={table.onLoadMore}
        />
      )}
    </>
  );
}
