'use client';
import type { ReactNode } from 'react';
import { Banner } from '@/components/shared/banner';
import { ClusterLink } from '@/components/shared/cluster-link';
import { useFormat } from '@/components/shared/use-format';
import { rich } from '@/components/ui/rich';
import type { ReturnedLetters } from '@/lib/contract/returned';
import { useT } from '@/lib/i18n/use-t';

type Props = {
  returned: readonly ReturnedLetters[];
  /** The page of this job does not lead to itself. */
  jobId?: string;
  /** Makes the plan anew. */
  act: ReactNode;
};

/** Purged letters that the crash of a broker brought back. */
export function ReturnedBanner({ returned, jobId, act }: Props) {
  const t = useT('jobs');
  const f = useFormat();
  if (returned.length === 0) return null;
  return (
    <Banner tone="warn" actions={act}>
      {returned.map(({ jobId: purge, purgedAt, broker, count }) => (
        <span key={broker} className="block">
          {t.rich('returned.sentence', { ...rich, n: count, count: f.count(count), time: f.time(purgedAt), broker })}{' '}
          {purge === jobId ? null : (
            <ClusterLink className="link" href={`/jobs/${purge}`}>
              {t('returned.job')}
            </ClusterLink>
          )}
        </span>
      ))}
    </Banner>
  );
}
