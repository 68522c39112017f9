'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { Banner, PartialBanner } from '@/components/shared/banner';
import { ClusterLink, useCluster } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { useList } from '@/components/shared/use-list';
import { useT } from '@/lib/i18n/use-t';
import { failuresQuery, lettersPagesQuery } from '@/lib/queries/dead-letters';
import { FailureList } from './failure-list';
import { headFigures } from './head-figures';
import { LedgerFilter } from './ledger-filter';
import { LedgerHead, LedgerStrip } from './ledger-head';
import { LedgerTable } from './ledger-table';
import { LetterDialogs, type OpenDialog } from './letter-dialogs';
import { LetterDrawer } from './letter-drawer';
import { LetterSelectionBar } from './letter-selection-bar';
import { type LedgerParams, ledgerInput, ledgerParams, letterFilterOf } from './search-params';
import { useFilterWords } from './use-filter-words';
import { useLetterSelection } from './use-letter-selection';
import { useRedriveKey } from './use-redrive-key';
import { useVisit } from './use-visit';

const NO_FILTER = { state: 'all', failure: null, q: '', tag: null, since: null } as const;

/** The dead letters of one group. */
export function LedgerView() {
  const t = useT('dead-letters');
  const f = useFormat();
  const cluster = useCluster();
  const [params, setParams] = useQueryStates(ledgerParams, { history: 'replace' });
  const [dialog, setDialog] = useState<OpenDialog | null>(null);
  const query = useInfiniteQuery(lettersPagesQuery(ledgerInput(params)));
  const causesQuery = useQuery(failuresQuery({ cluster: params.cluster ?? undefined, group: params.group }));
  const pages = query.data?.pages;
  const first = pages?.[0];
  const list = useList(query);
  const { rows } = list;
  const reply = first ? { ...first, damaged: pages.reduce((sum, page) => sum + page.damaged, 0) } : undefined;
  const failures = pages?.flatMap((page) => page.failures);
  const head = reply && headFigures(reply, causesQuery.data);
  const causes = causesQuery.data?.items;
  const newSince = useVisit(cluster ?? null, params.group, first?.asOf);
  const narrowed = useFilterWords(params, causes ?? []);
  const filter = letterFilterOf(params);
  const selection = useLetterSelection(rows ?? [], filter, (filter ? reply?.matching : reply?.total) ?? 0);
  const narrow = (to: Partial<LedgerParams>) => {
    selection.clear();
    void setParams(to);
  };
  const open = (letter: string | null) => void setParams({ letter });
  const act = (chosen: OpenDialog) => setDialog(chosen);
  const actOnChosen = (chosen: OpenDialog) => setDialog({ ...chosen, about: narrowed });
  useRedriveKey(() => {
    if (selection.count > 0) actOnChosen({ act: 'redrive', selection: selection.selection, count: selection.count });
    else if (params.letter) act({ act: 'redrive', selection: { ids: [params.letter] }, count: 1 });
  });
  return (
    <>
      <PartialBanner failures={failures} onRetry={list.retry} />
      {reply?.activeJob ? (
        <Banner tone={reply.activeJob.state === 'PAUSED' ? 'warn' : 'info'}>
          {reply.activeJob.state === 'PAUSED' ? t('paused') : t(`running.${reply.activeJob.kind}` as 'running.redrive')}{' '}
          <ClusterLink className="link" href={`/jobs/${reply.activeJob.id}`}>
            {t('openJob')}
          </ClusterLink>
        </Banner>
      ) : null}
      <LedgerHead group={params.group} reply={head} onAct={act} />
      {query.error && !rows ? null : <LedgerStrip reply={head} />}
      {head && head.ledger.read < head.ledger.of ? (
        <Banner tone="info">{t('reading', { read: f.count(head.ledger.read), total: f.count(head.ledger.of) })}</Banner>
      ) : null}
      {params.group === '' ? null : (
        <>
          <FailureList
            cluster={params.cluster ?? undefined}
            group={params.group}
            items={causes ?? []}
            isUnreadable={causesQuery.isError && !causes}
            chosen={params.failure}
            newSince={newSince}
            onChoose={(failure) => narrow({ failure })}
          />
          <LedgerFilter params={params} causes={causes} onChange={narrow} />
        </>
      )}
      <LedgerTable
        list={list}
        reply={reply}
        isFiltered={filter !== null}
        newSince={newSince}
        selection={selection}
        openId={params.letter}
        onOpen={open}
        onClearFilter={() => narrow(NO_FILTER)}
      />
      <LetterSelectionBar selection={selection} onAct={actOnChosen} />
      {params.letter ? (
        <LetterDrawer
          cluster={params.cluster ?? undefined}
          group={params.group}
          id={params.letter}
          rows={rows ?? []}
          reply={reply}
          isFiltered={filter !== null}
          onMove={open}
          onLoadMore={list.table.onLoadMore}
          onAct={act}
        />
      ) : null}
      {cluster ? (
        <LetterDialogs
          cluster={cluster}
          group={params.group}
          open={dialog}
          onClose={() => setDialog(null)}
          onStarted={selection.clear}
        />
      ) : null}
    </>
  );
}
