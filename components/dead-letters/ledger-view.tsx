'use client';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import dynamic from 'next/dynamic';
import { useQueryStates } from 'nuqs';
import { useState } from 'react';
import { Banner, PartialBanner } from '@/components/shared/banner';
import { ClusterLink, useCluster } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { useList } from '@/components/shared/use-list';
import { Button } from '@/components/ui/button';
import { useT } from '@/lib/i18n/use-t';
import { failuresQuery, lettersPagesQuery } from '@/lib/queries/dead-letters';
import { FailureList } from './failure-list';
import { headFigures } from './head-figures';
import { LedgerFilter } from './ledger-filter';
import { LedgerHead, LedgerStrip } from './ledger-head';
import { LedgerTable } from './ledger-table';
import type { OpenDialog } from './letter-dialogs';
import { pausedJobOf } from './paused-job';
import { type LedgerParams, ledgerInput, ledgerParams, letterFilterOf, NO_SEARCH, searchInput } from './search-params';
import { useFilterWords } from './use-filter-words';
import { useLetterSearch } from './use-letter-search';
import { useLetterSelection } from './use-letter-selection';
import { useRedriveKey } from './use-redrive-key';
import { useVisit } from './use-visit';

const FoundTable = dynamic(() => import('./found-table').then((m) => m.FoundTable));
const LetterSearchBar = dynamic(() => import('./letter-search-bar').then((m) => m.LetterSearchBar));
const LetterSearchPanel = dynamic(() => import('./letter-search-panel').then((m) => m.LetterSearchPanel));
const LetterDrawer = dynamic(() => import('./letter-drawer').then((m) => m.LetterDrawer));
const LetterDialogs = dynamic(() => import('./letter-dialogs').then((m) => m.LetterDialogs), { ssr: false });
const LetterSelectionBar = dynamic(() => import('./letter-selection-bar').then((m) => m.LetterSelectionBar));
const ReturnedBanner = dynamic(() => import('@/components/purge/returned-banner').then((m) => m.ReturnedBanner));
const PURGE: OpenDialog = { act: 'purge', selection: { all: true }, count: 0 };
const NO_FILTER = { state: 'all', failure: null, q: '', tag: null, since: null, from: null, to: null } as const;

/** The dead letters of one group. */
export function LedgerView() {
  const t = useT('dead-letters');
  const jobs = useT('jobs');
  const f = useFormat();
  const cluster = useCluster();
  const [params, setParams] = useQueryStates(ledgerParams, { history: 'replace' });
  const [dialog, setDialog] = useState<OpenDialog | null>(params.act === 'purge' ? PURGE : null);
  const [wantsSearch, setSearchOpen] = useState(false);
  const isSearchOpen = wantsSearch || params.in !== null;
  const query = useInfiniteQuery(lettersPagesQuery(ledgerInput(params)));
  const causesQuery = useQuery(failuresQuery({ cluster: params.cluster ?? undefined, group: params.group }));
  const pages = query.data?.pages;
  const first = pages?.[0];
  const list = useList(query);
  const searched = searchInput(params);
  const search = useLetterSearch(searched);
  const rows = searched ? search.hits : list.rows;
  const reply = first ? { ...first, damaged: pages.reduce((sum, page) => sum + page.damaged, 0) } : undefined;
  const failures = pages?.flatMap((page) => page.failures);
  const head = reply && headFigures(reply, causesQuery.data);
  const pausedJob = pausedJobOf(reply);
  const causes = causesQuery.data?.items;
  const newSince = useVisit(cluster ?? null, params.group, first?.asOf);
  const narrowed = useFilterWords(params, causes ?? []);
  const filter = letterFilterOf(params);
  const total = searched ? search.hits.length : filter ? reply?.matching : reply?.total;
  const selection = useLetterSelection(rows ?? [], filter, total ?? 0, searched !== null);
  const narrow = (to: Partial<LedgerParams>) => {
    selection.clear();
    void setParams(to);
  };
  const closeSearch = () => {
    setSearchOpen(false);
    if (params.in !== null) narrow(NO_SEARCH);
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
        <Banner tone={pausedJob ? 'warn' : 'info'}>
          {pausedJob ? t('paused') : t(`running.${reply.activeJob.kind}` as 'running.redrive')}{' '}
          <ClusterLink className="link" href={`/jobs/${reply.activeJob.id}`}>
            {t('openJob')}
          </ClusterLink>
        </Banner>
      ) : null}
      {reply?.returned?.length ? (
        <ReturnedBanner
          returned={reply.returned}
          act={
            <Button size="small" icon="trash" onClick={() => act(PURGE)}>
              {jobs('returned.again')}
            </Button>
          }
        />
      ) : null}
      <LedgerHead group={params.group} reply={head} onAct={act} />
      {query.error && !list.rows ? null : <LedgerStrip reply={head} />}
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
          <LedgerFilter
            group={params.group}
            params={params}
            causes={causes}
            onChange={narrow}
            isSearching={isSearchOpen}
            onSearch={(on) => (on ? setSearchOpen(true) : closeSearch())}
          />
          {isSearchOpen ? (
            <LetterSearchBar
              params={params}
              isRunning={searched !== null && search.ended === null}
              takesFocus={wantsSearch}
              onSearch={(question) => {
                // The same question again is asked anew.
                if (searched && isSame(question, params)) search.again();
                narrow(question);
              }}
              onStop={search.stop}
              onClose={closeSearch}
            />
          ) : null}
        </>
      )}
      {searched ? (
        <>
          <LetterSearchPanel search={search} />
          <FoundTable
            group={params.group}
            pausedJob={pausedJob}
            search={search}
            selection={selection}
            openId={params.letter}
            onOpen={open}
          />
        </>
      ) : (
        <LedgerTable
          list={list}
          reply={reply}
          pausedJob={pausedJob}
          isFiltered={filter !== null}
          newSince={newSince}
          selection={selection}
          openId={params.letter}
          onOpen={open}
          onClearFilter={() => narrow(NO_FILTER)}
          onTag={(tag) => narrow({ tag })}
        />
      )}
      <LetterSelectionBar group={params.group} selection={selection} onAct={actOnChosen} />
      {params.letter ? (
        <LetterDrawer
          cluster={params.cluster ?? undefined}
          group={params.group}
          id={params.letter}
          rows={rows ?? []}
          reply={reply}
          pausedJob={pausedJob}
          total={total}
          onMove={open}
          onLoadMore={searched ? undefined : list.table.onLoadMore}
          onAct={act}
        />
      ) : null}
      {cluster && dialog ? (
        <LetterDialogs
          cluster={cluster}
          group={params.group}
          open={dialog}
          onClose={() => {
            setDialog(null);
            if (params.act !== null) void setParams({ act: null });
          }}
          onStarted={selection.clear}
        />
      ) : null}
    </>
  );
}

const isSame = (question: Partial<LedgerParams>, params: LedgerParams): boolean =>
  Object.entries(question).every(([name, value]) => params[name as keyof LedgerParams] === value);
