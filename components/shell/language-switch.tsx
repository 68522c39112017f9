'use client';
import { useRouter } from 'next/navigation';
import { IconButton } from '@/components/ui/button';
import { Menu } from '@/components/ui/menu';
import { LOCALE_COOKIE, LOCALE_NAMES, LOCALES } from '@/lib/i18n/locale';
import { useT } from '@/lib/i18n/use-t';
import { useLocale } from '@/lib/i18n/words';
import { remember } from './preferences';

export function LanguageSwitch() {
  const t = useT('shell');
  const router = useRouter();
  const locale = useLocale();
  return (
    <Menu
      side="top"
      trigger={<IconButton size="small" icon="language" label={t('language', { language: LOCALE_NAMES[locale] })} />}
      items={LOCALES.map((value) => ({
        id: value,
        label: <span lang={value}>{LOCALE_NAMES[value]}</span>,
        checked: value === locale,
        onSelect: () => {
          remember(LOCALE_COOKIE, value);
          document.documentElement.lang = value;
          router.refresh();
        },
      }))}
    />
  );
}
