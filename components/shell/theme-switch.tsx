'use client';
import { useEffect, useState } from 'react';
import { IconButton } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { useT } from '@/lib/i18n/use-t';
import { remember, THEME_COOKIE, type Theme } from './preferences';

const ICON = { light: 'sun', dark: 'moon', system: 'screen' } as const;
const THEMES: readonly Theme[] = ['light', 'dark', 'system'];

/** Before scripts run the server has set `data-theme` from the cookie, so nothing flashes. */
export function ThemeSwitch() {
  const t = useT('shell');
  const [theme, setTheme] = useState<Theme>('system');
  useEffect(() => {
    const set = document.documentElement.dataset.theme;
    setTheme(set === 'light' || set === 'dark' ? set : 'system');
  }, []);
  const choose = (next: Theme) => {
    setTheme(next);
    remember(THEME_COOKIE, next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  };
  return (
    <Menu
      side="top"
      trigger={<IconButton size="small" icon={ICON[theme]} label={t('theme', { theme: t(`themes.${theme}`) })} />}
      items={THEMES.map((value) => ({
        id: value,
        icon: ICON[value],
        label: t(`themes.${value}`),
        checked: value === theme,
        onSelect: () => choose(value),
      }))}
    />
  );
}
