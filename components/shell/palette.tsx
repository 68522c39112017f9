'use client';
import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import * as Radix from 'radix-ui/dialog';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useCluster, useHref } from '@/components/shared/cluster-link';
import { type GroupStatus, GroupStatusWord } from '@/components/shared/status-word';
import { Icon, type IconName } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { useReturnFocus } from '@/components/ui/use-return-focus';
import { looksLikeMessageId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { PAGES } from './pages';

export type PaletteHit = {
  kind: 'group' | 'topic';
  name: string;
  note?: string | undefined;
  status?: GroupStatus | undefined;
};
/** Best hits first, a handful of each kind. */
export type PaletteSearch = (
  text: string,
  cluster: string | null,
  signal: AbortSignal,
) => Promise<readonly PaletteHit[]>;

const WAIT_MS = 120;

/** Finds and opens; it never writes. Ctrl Enter opens a new tab. */
export function Palette({ onClose, search }: { onClose: () => void; search: PaletteSearch }) {
  const t = useT('shell');
  const router = useRouter();
  const href = useHref();
  const cluster = useCluster();
  const [text, setText] = useState('');
  const focus = useReturnFocus();
  const inNewTab = useRef(false);
  const { hits, failure, isSearching } = useHits(search, text.trim(), cluster);

  const go = (address: string) => {
    if (inNewTab.current) window.open(address, '_blank', 'noopener');
    else router.push(address);
    onClose();
  };
  const wanted = text.trim();
  const trace = wanted ? href('/trace', { id: wanted }) : null;
  const isId = looksLikeMessageId(wanted);
  const pages = PAGES.map((page) => ({ ...page, words: t(`sections.${page.id}`) })).filter((page) =>
    matches(page.words, wanted),
  );
  const groups = hits.filter((hit) => hit.kind === 'group');
  const topics = hits.filter((hit) => hit.kind === 'topic');
  const best =
    isId || hits.length + pages.length === 0
      ? 'trace'
      : hits[0]
        ? `${hits[0].kind} ${hits[0].name}`
        : `page ${pages[0]?.id}`;
  const [marked, setMarked] = useState(best);
  useEffect(() => setMarked(best), [best]);
  const traceRow = trace ? (
    <Row
      key="trace"
      value="trace"
      icon="trace"
      words={t('find.trace', { text: wanted })}
      note={t('find.traceHint')}
      onSelect={() => go(trace)}
    />
  ) : null;

  return (
    <Radix.Root open onOpenChange={(open) => open || onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="scrim">
          <Radix.Content
            className="pal"
            aria-describedby={undefined}
            onOpenAutoFocus={focus.remember}
            onCloseAutoFocus={focus.giveBack}
            onKeyDownCapture={(event) => {
              inNewTab.current = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
            }}
          >
            <Radix.Title className="sr">{t('find.button')}</Radix.Title>
            <Command
              shouldFilter={false}
              value={marked}
              onValueChange={setMarked}
              loop
              label={t('find.button')}
              className="contents"
            >
              <div className="q">
                <Icon name="find" />
                <Command.Input
                  value={text}
                  onValueChange={setText}
                  placeholder={t('find.placeholder')}
                  maxLength={255}
                  spellCheck={false}
                />
                {cluster ? <span className="small fg3 nowrap hide-m">{t('find.scope', { cluster })}</span> : null}
              </div>
              <Command.List>
                {isId ? <Command.Group heading={t('sections.trace')}>{traceRow}</Command.Group> : null}
                {groups.length > 0 ? (
                  <Command.Group heading={t('find.groups')}>
                    {groups.map((hit) => (
                      <Row
                        key={hit.name}
                        icon="groups"
                        words={<Marked name={hit.name} wanted={wanted} />}
                        note={hit.note}
                        value={`group ${hit.name}`}
                        end={hit.status ? <GroupStatusWord status={hit.status} /> : null}
                        onSelect={() => go(href('/groups/detail', { group: hit.name }))}
                      />
                    ))}
                  </Command.Group>
                ) : null}
                {topics.length > 0 ? (
                  <Command.Group heading={t('find.topics')}>
                    {topics.map((hit) => (
                      <Row
                        key={hit.name}
                        icon="topics"
                        words={<Marked name={hit.name} wanted={wanted} />}
                        note={hit.note}
                        value={`topic ${hit.name}`}
                        onSelect={() => go(href('/topics/detail', { topic: hit.name }))}
                      />
                    ))}
                  </Command.Group>
                ) : null}
                {pages.length > 0 ? (
                  <Command.Group heading={t('find.pages')}>
                    {pages.map((page) => (
                      <Row
                        key={page.id}
                        icon={page.icon}
                        words={page.words}
                        value={`page ${page.id}`}
                        end={<span>{`g ${page.key}`}</span>}
                        onSelect={() => go(href(page.path))}
                      />
                    ))}
                  </Command.Group>
                ) : null}
                {wanted && !isId ? <Command.Group heading={t('find.elsewhere')}>{traceRow}</Command.Group> : null}
                {failure ? (
                  <p className="p-3 small crit" role="alert">
                    {t('find.failed', { message: failure })}
                  </p>
                ) : null}
                {isSearching ? (
                  <p className="sr" role="status">
                    {t('find.searching')}
                  </p>
                ) : null}
                {!isSearching && !failure && wanted && hits.length === 0 && pages.length === 0 && !isId ? (
                  <p className="p-3 small fg3">{t('find.empty', { text: wanted })}</p>
                ) : null}
              </Command.List>
            </Command>
            <footer className="hide-m">
              <span>
                <Kbd>↑</Kbd> <Kbd>↓</Kbd> {t('find.choose')}
              </span>
              <span>
                <Kbd>Enter</Kbd> {t('find.open')}
              </span>
              <span>
                <Kbd>Ctrl Enter</Kbd> {t('find.newTab')}
              </span>
              <span className="mla">{t('find.paste')}</span>
            </footer>
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

function useHits(search: PaletteSearch, wanted: string, cluster: string | null) {
  const [state, setState] = useState<{ hits: readonly PaletteHit[]; failure: string | null; isSearching: boolean }>({
    hits: [],
    failure: null,
    isSearching: false,
  });
  const run = useRef(search);
  run.current = search;
  useEffect(() => {
    if (!wanted) return setState({ hits: [], failure: null, isSearching: false });
    const stop = new AbortController();
    setState((before) => ({ ...before, isSearching: true }));
    const timer = setTimeout(() => {
      run.current(wanted, cluster, stop.signal).then(
        (hits) => stop.signal.aborted || setState({ hits, failure: null, isSearching: false }),
        (error: unknown) =>
          stop.signal.aborted ||
          setState({ hits: [], failure: error instanceof Error ? error.message : String(error), isSearching: false }),
      );
    }, WAIT_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [wanted, cluster]);
  return state;
}

const matches = (words: string, wanted: string) =>
  wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.toLowerCase().includes(word));

function Row({
  icon,
  words,
  note,
  end,
  value,
  onSelect,
}: {
  icon: IconName;
  words: ReactNode;
  note?: string | undefined;
  end?: ReactNode;
  value: string;
  onSelect: () => void;
}) {
  return (
    <Command.Item value={value} onSelect={onSelect}>
      <Icon name={icon} />
      <span className="nowrap">{words}</span>
      {note ? <span className="d">{note}</span> : null}
      {end ? <span className="r">{end}</span> : null}
    </Command.Item>
  );
}

/** Underlines what was typed. */
function Marked({ name, wanted }: { name: string; wanted: string }) {
  const word = wanted.split(/\s+/)[0] ?? '';
  const at = word ? name.toLowerCase().indexOf(word.toLowerCase()) : -1;
  if (at < 0) return <>{name}</>;
  return (
    <>
      {name.slice(0, at)}
      <mark>{name.slice(at, at + word.length)}</mark>
      {name.slice(at + word.length)}
    </>
  );
}
