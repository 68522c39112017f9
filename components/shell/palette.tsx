'use client';
import { Command } from 'cmdk';
import { useRouter } from 'next/navigation';
import * as Radix from 'radix-ui/dialog';
import { useEffect, useRef, useState } from 'react';
import { useCluster, useHref } from '@/components/shared/cluster-link';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { useReturnFocus } from '@/components/ui/use-return-focus';
import { looksLikeMessageId } from '@/lib/format/ids';
import { useT } from '@/lib/i18n/use-t';
import { PAGES } from './pages';
import { Marked, PaletteRow } from './palette-row';
import { type PaletteSearch, useHits } from './use-hits';

const HITS = [
  { kind: 'group', icon: 'groups', path: '/groups/detail' },
  { kind: 'topic', icon: 'topics', path: '/topics/detail' },
] as const;

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
  const best =
    isId || hits.length + pages.length === 0
      ? 'trace'
      : hits[0]
        ? `${hits[0].kind} ${hits[0].name}`
        : `page ${pages[0]?.id}`;
  const [marked, setMarked] = useState(best);
  useEffect(() => setMarked(best), [best]);
  const traceRow = trace ? (
    <PaletteRow
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
                {HITS.map(({ kind, icon, path }) => {
                  const found = hits.filter((hit) => hit.kind === kind);
                  return found.length > 0 ? (
                    <Command.Group key={kind} heading={kind === 'group' ? t('find.groups') : t('find.topics')}>
                      {found.map(({ name }) => (
                        <PaletteRow
                          key={name}
                          icon={icon}
                          words={<Marked name={name} wanted={wanted} />}
                          value={`${kind} ${name}`}
                          onSelect={() => go(href(path, { [kind]: name }))}
                        />
                      ))}
                    </Command.Group>
                  ) : null;
                })}
                {pages.length > 0 ? (
                  <Command.Group heading={t('find.pages')}>
                    {pages.map((page) => (
                      <PaletteRow
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

const matches = (words: string, wanted: string) =>
  wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.toLowerCase().includes(word));
