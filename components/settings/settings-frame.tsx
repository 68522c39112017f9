'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useRefusal } from '@/components/accounts/use-refusal';
import { PageHeader } from '@/components/shared/page-header';
import { useT } from '@/lib/i18n/use-t';

const SECTIONS = ['permissions', 'account', 'tokens', 'people'] as const;
export type SettingsSection = (typeof SECTIONS)[number];

export function SettingsFrame({ section, children }: { section: SettingsSection; children: ReactNode }) {
  const t = useT('settings');
  const mayNotManage = useRefusal('administer');
  return (
    <>
      <PageHeader title={t('title')} />
      <div className="grid sets">
        <nav className="snav" aria-label={t('title')}>
          {SECTIONS.filter((each) => each !== 'people' || !mayNotManage).map((each) => (
            <Link key={each} href={`/settings/${each}`} aria-current={each === section ? 'page' : undefined}>
              {t(`sections.${each}`)}
            </Link>
          ))}
        </nav>
        <div>{children}</div>
      </div>
    </>
  );
}
