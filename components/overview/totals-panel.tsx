'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Section } from '@/components/shared/page-header';
import { WireFigure } from '@/components/shared/wire-figure';
import type { OverviewReply } from '@/lib/contract/overview';
import { useT } from '@/lib/i18n/use-t';

/** Sums over all groups; each leads to the list that it sums. */
export function TotalsPanel({ totals }: { totals: OverviewReply['totals'] }) {
  const t = useT('overview');
  const cells = [
    { field: 'lag', label: t('totals.lag'), href: '/groups?sort=-lag' },
    { field: 'retries', label: t('totals.retries'), href: '/groups?sort=-retries' },
    { field: 'deadLetters', label: t('totals.dead'), href: '/dead-letters' },
  ] as const;
  return (
    <Section panel title={t('totals.title')} note={t('totals.note')}>
      <dl className="sums">
        {cells.map(({ field, label, href }) => (
          <div key={field}>
            <dt>{label}</dt>
            <dd>
              <ClusterLink href={href} className="hoverline">
                <WireFigure of={totals} field={field} />
              </ClusterLink>
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}
