'use client';
import { useState } from 'react';
import { Switch } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Kbd } from '@/components/ui/kbd';
import { useT } from '@/lib/i18n/use-t';
import { PAGES } from './pages';
import { LETTERS_KEY } from './use-shortcuts';

export function KeyboardHelp({ onClose }: { onClose: () => void }) {
  const t = useT('shell');
  const [letters, setLetters] = useState(() => localStorage.getItem(LETTERS_KEY) !== 'off');
  const groups: { id: string; title: string; rows: { words: string; keys: string[] }[] }[] = [
    {
      id: 'anywhere',
      title: t('keys.anywhere'),
      rows: [
        { words: t('keys.find'), keys: ['Ctrl K'] },
        { words: t('keys.filter'), keys: ['/'] },
        { words: t('keys.live'), keys: ['l'] },
        { words: t('keys.copyLink'), keys: ['c'] },
        { words: t('keys.help'), keys: ['?'] },
      ],
    },
    {
      id: 'go',
      title: t('keys.go'),
      rows: PAGES.map((page) => ({ words: t(`sections.${page.id}`), keys: ['g', page.key] })),
    },
    {
      id: 'tables',
      title: t('keys.tables'),
      rows: [
        { words: t('keys.move'), keys: ['j', 'k', '↑', '↓'] },
        { words: t('keys.open'), keys: ['Enter'] },
        { words: t('keys.select'), keys: ['x', 'Space'] },
        { words: t('keys.extend'), keys: ['Shift x'] },
        { words: t('keys.page'), keys: ['Ctrl A'] },
        { words: t('keys.redrive'), keys: ['r'] },
        { words: t('keys.inDrawer'), keys: ['[', ']'] },
      ],
    },
    {
      id: 'dialogs',
      title: t('keys.dialogs'),
      rows: [
        { words: t('keys.primary'), keys: ['Ctrl Enter'] },
        { words: t('keys.close'), keys: ['Esc'] },
      ],
    },
  ];
  const toggle = (on: boolean) => {
    setLetters(on);
    localStorage.setItem(LETTERS_KEY, on ? 'on' : 'off');
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t('keys.title')}
      subtitle={t('keys.note')}
      promise={<Switch checked={letters} onChange={toggle} label={t('keys.letters')} />}
    >
      <div className="keyrows">
        {groups.map((group) => (
          <section key={group.id}>
            <h3>{group.title}</h3>
            <dl>
              {group.rows.map((row) => (
                <div key={row.words} className="contents">
                  <dt>{row.words}</dt>
                  <dd>
                    {row.keys.map((key, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: “g g” names one key twice
                      <Kbd key={index}>{key}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
