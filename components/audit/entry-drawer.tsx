'use client';
import { useQuery } from '@tanstack/react-query';
import { ClusterLink } from '@/components/shared/cluster-link';
import { CodeView } from '@/components/shared/code-view';
import { CopyLinkButton } from '@/components/shared/copy-button';
import { ErrorState } from '@/components/shared/states';
import { buttonClass } from '@/components/ui/button';
import { Drawer } from '@/components/ui/drawer';
import { Icon } from '@/components/ui/icon';
import { Skeleton } from '@/components/ui/skeleton';
import type { AuditRow } from '@/lib/contract/audit';
import { useT } from '@/lib/i18n/use-t';
import { auditEntryQuery } from '@/lib/queries/audit';
import { AuditOutcomeWord, useActionWord } from './audit-words';
import { EntryChain } from './entry-chain';
import { EntryChange } from './entry-change';
import { EntryFacts } from './entry-facts';
import { EntryPhases } from './entry-phases';

type Props = {
  cluster: string | undefined;
  /** Of the address, so it need not be among the rows. */
  seq: number;
  rows: readonly AuditRow[];
  total: number | undefined;
  onMove: (seq: number | null) => void;
  onLoadMore: (() => void) | undefined;
};

/** One entry: who and why, before and after, its place in the chain, its parameters. */
export function EntryDrawer({ cluster, seq, rows, total, onMove, onLoadMore }: Props) {
  const t = useT('audit');
  const action = useActionWord();
  const query = useQuery(auditEntryQuery({ cluster, seq }));
  const index = rows.findIndex((row) => row.seq === seq);
  const known = rows[index] ?? query.data?.entry;
  const before = rows[index - 1];
  const after = index >= 0 ? rows[index + 1] : undefined;
  const isLast = index >= 0 && !after;
  const job = query.data?.job;
  return (
    <Drawer
      label={t('drawer.label')}
      title={known ? t('drawer.title', { action: action(known.action), name: known.resource.name }) : String(seq)}
      status={known ? <AuditOutcomeWord outcome={known.outcome} chip /> : undefined}
      position={index >= 0 ? { index: index + 1, total: total ?? rows.length } : undefined}
      onPrevious={before ? () => onMove(before.seq) : undefined}
      onNext={after ? () => onMove(after.seq) : isLast ? onLoadMore : undefined}
      onClose={() => onMove(null)}
      footer={
        <>
          {job?.canUndo ? (
            <ClusterLink
              className={buttonClass()}
              href="/offsets/reset"
              params={{ group: job.group, topic: job.topic, undo: job.id }}
            >
              <Icon name="undo" />
              {t('undo')}
            </ClusterLink>
          ) : null}
          <CopyLinkButton />
        </>
      }
    >
      {query.data ? (
        <>
          <EntryFacts reply={query.data} />
          {query.data.change ? <EntryChange change={query.data.change} /> : null}
          <EntryPhases reply={query.data} onOpen={onMove} />
          <EntryChain chain={query.data.chain} onOpen={onMove} />
          {query.data.entry.params ? (
            <CodeView text={JSON.stringify(query.data.entry.params)} title={t('params')} />
          ) : null}
        </>
      ) : query.error ? (
        <ErrorState error={query.error} title={t('drawer.unreadable')} onRetry={() => void query.refetch()} />
      ) : (
        <p aria-busy="true">
          <Skeleton width={180} />
        </p>
      )}
    </Drawer>
  );
}
