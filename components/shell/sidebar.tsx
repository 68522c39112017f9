'use client';
import { usePathname } from 'next/navigation';
import { AccountMenu } from '@/components/accounts/account-menu';
import { ClusterLink } from '@/components/shared/cluster-link';
import { IconButton } from '@/components/ui/button';
import { Icon } from '@/components/ui/icon';
import { useT } from '@/lib/i18n/use-t';
import { ClusterSwitch, type ShellCluster } from './cluster-switch';
import { LanguageSwitch } from './language-switch';
import { Logo } from './logo';
import { NAVIGATION, type PageId, pageOf } from './pages';
import { ThemeSwitch } from './theme-switch';

/** `hot` writes it red: it needs a person. */
export type NavCount = { text: string; hot?: boolean };
export type NavCounts = Partial<Record<PageId, NavCount | null>>;
type Props = { clusters: readonly ShellCluster[]; counts?: NavCounts; onHelp: () => void; onNavigate?: () => void };

export function Sidebar({ clusters, counts = {}, onHelp, onNavigate }: Props) {
  const t = useT('shell');
  const current = pageOf(usePathname());
  return (
    <>
      <ClusterLink className="brand" href="/" aria-label={t('home')} onClick={onNavigate}>
        <Logo />
        <span>{t('name')}</span>
      </ClusterLink>
      <ClusterSwitch clusters={clusters} />
      <nav className="nav" aria-label={t('main')}>
        {NAVIGATION.map((section) => (
          <div key={section.id ?? 'top'}>
            {section.id ? <h2>{t(`sections.${section.id}`)}</h2> : null}
            {section.pages.map((page) => {
              const count = counts[page.id];
              return (
                <ClusterLink
                  key={page.id}
                  href={page.path}
                  aria-current={current?.id === page.id ? 'page' : undefined}
                  onClick={onNavigate}
                >
                  <Icon name={page.icon} />
                  <span>{t(`sections.${page.id}`)}</span>
                  {count ? <span className={count.hot ? 'hot' : undefined}>{count.text}</span> : null}
                </ClusterLink>
              );
            })}
          </div>
        ))}
      </nav>
      <div className="who">
        <AccountMenu />
        <span className="sp">
          <LanguageSwitch />
          <ThemeSwitch />
          <IconButton size="small" icon="help" label={t('keyboard')} onClick={onHelp} aria-keyshortcuts="?" />
        </span>
      </div>
    </>
  );
}
