'use client';
import { AsOf, type NodeAnswer } from '@/components/shared/as-of';
import { Button, IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { Kbd } from '@/components/ui/kbd';
import { useT } from '@/lib/i18n/use-t';
import { Breadcrumbs } from './breadcrumbs';
import { useLive } from './live';
import { RAISED_PLACE } from './raised-place';

/** When the shown picture was taken, and which nodes stand behind it. */
export type Freshness = { at: number | null; nodes: readonly NodeAnswer[] };

export function TopBar({
  freshness,
  onMenu,
  onFind,
}: {
  freshness: Freshness | undefined;
  onMenu: () => void;
  onFind: () => void;
}) {
  const t = useT('shell');
  const { isLive, setLive } = useLive();
  return (
    <header className="top">
      <IconButton className="burger" icon="menu" label={t('menu')} onClick={onMenu} aria-haspopup="dialog" />
      <Breadcrumbs />
      <span className="sp" />
      <span id={RAISED_PLACE} className="contents" />
      {freshness ? <AsOf {...freshness} /> : null}
      <Button
        variant="ghost"
        size="small"
        className="hide-m"
        icon={isLive ? 'pause' : 'play'}
        aria-pressed={isLive}
        aria-keyshortcuts="l"
        data-tip={t('liveHint')}
        onClick={() => setLive(!isLive)}
      >
        {t('live')}
      </Button>
      <button
        type="button"
        className="find"
        onClick={onFind}
        aria-keyshortcuts="Control+K Meta+K"
        aria-haspopup="dialog"
      >
        <Icon name="find" size={14} />
        <span>{t('find.button')}</span>
        <Kbd>Ctrl K</Kbd>
      </button>
    </header>
  );
}
