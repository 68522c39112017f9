'use client';
import Link from 'next/link';
import type { ReactNode } from 'react';

export type TabLink = { id: string; label: ReactNode; count?: string | null | undefined; href: string };

/** Tabs are addresses: a copied link shows the same one. */
export function Tabs({ label, current, tabs }: { label: string; current: string; tabs: readonly TabLink[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link
          key={tab.id}
          href={tab.href}
          aria-current={tab.id === current ? 'page' : undefined}
          scroll={false}
          prefetch={false}
        >
          {tab.label}
          {tab.count ? <span>{tab.count}</span> : null}
        </Link>
      ))}
    </nav>
  );
}
