'use client';
import type { ReactNode } from 'react';
import { LanguageSwitch } from '@/components/shell/language-switch';
import { Logo } from '@/components/shell/logo';
import { ThemeSwitch } from '@/components/shell/theme-switch';
import { useT } from '@/lib/i18n/use-t';

/** The frame of the pages before one is signed in. */
export function Entrance({ title, children }: { title: string; children: ReactNode }) {
  const t = useT('accounts');
  const shell = useT('shell');
  return (
    <main className="login">
      <section>
        <div className="lb">
          <Logo />
          <span>{shell('name')}</span>
        </div>
        <h1>{title}</h1>
        <p className="fg2">{t('tagline')}</p>
        {children}
      </section>
      <footer>
        <LanguageSwitch />
        <ThemeSwitch />
      </footer>
    </main>
  );
}
