'use client';
import dynamic from 'next/dynamic';
import { type ReactNode, useState } from 'react';
import { useCopy } from '@/components/shared/copy-button';
import { announce } from '@/components/shared/live-region';
import { DRAWER_ROOT } from '@/components/ui/drawer';
import { toast } from '@/components/ui/toast-store';
import { useT } from '@/lib/i18n/use-t';
import type { ShellCluster } from './cluster-switch';
import { useLive } from './live';
import { type NavCounts, Sidebar } from './sidebar';
import { type Freshness, TopBar } from './top-bar';
import type { PaletteSearch } from './use-hits';
import { CONTENT, usePageFocus } from './use-page-focus';
import { useShortcuts } from './use-shortcuts';

const Palette = dynamic(() => import('./palette').then((module) => module.Palette), { ssr: false });
const KeyboardHelp = dynamic(() => import('./keyboard-help').then((module) => module.KeyboardHelp), { ssr: false });
const Sheet = dynamic(() => import('./sheet').then((module) => module.Sheet), { ssr: false });

type Props = {
  clusters: readonly ShellCluster[];
  counts?: NavCounts;
  freshness?: Freshness | undefined;
  /** Groups and topics whose name matches; given by lib/queries. */
  search: PaletteSearch;
  children: ReactNode;
};

export function AppShell({ clusters, counts, freshness, search, children }: Props) {
  const t = useT('shell');
  const common = useT('common');
  const { isLive, setLive } = useLive();
  const { copy } = useCopy();
  const [open, setOpen] = useState<'find' | 'help' | 'menu' | null>(null);
  const close = () => setOpen(null);
  usePageFocus();
  useShortcuts({
    find: () => setOpen((before) => (before === 'find' ? null : 'find')),
    help: () => setOpen('help'),
    toggleLive: () => {
      setLive(!isLive);
      announce(isLive ? t('liveOff') : t('liveOn'));
    },
    copyLink: () => {
      copy(window.location.href, common('link'));
      toast({ text: common('copied', { what: common('link') }) });
    },
  });
  return (
    <>
      <a className="skip" href={`#${CONTENT}`}>
        {t('skip')}
      </a>
      <div className="app">
        <aside className="side">
          <Sidebar clusters={clusters} {...(counts ? { counts } : {})} onHelp={() => setOpen('help')} />
        </aside>
        <div className="main">
          <TopBar freshness={freshness} onMenu={() => setOpen('menu')} onFind={() => setOpen('find')} />
          <main className="page" id={CONTENT} tabIndex={-1}>
            {children}
          </main>
          <div id={DRAWER_ROOT} className="contents" />
        </div>
      </div>
      {open === 'find' ? <Palette onClose={close} search={search} /> : null}
      {open === 'help' ? <KeyboardHelp onClose={close} /> : null}
      {open === 'menu' ? (
        <Sheet onClose={close}>
          <Sidebar
            clusters={clusters}
            {...(counts ? { counts } : {})}
            onHelp={() => setOpen('help')}
            onNavigate={close}
          />
        </Sheet>
      ) : null}
    </>
  );
}
