'use client';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';
import { ProblemNote } from './problem-note';

/** Placeholder while a plan is made, the reason and a way on when it cannot be. */
export function PlanState({ plan, children }: { plan: UseQueryResult<unknown, ApiProblem>; children: ReactNode }) {
  const t = useT('jobs');
  const common = useT('common');
  if (plan.isError)
    return (
      <ProblemNote
        problem={plan.error}
        actions={
          <Button size="small" busy={plan.isFetching} onClick={() => void plan.refetch()}>
            {common('tryAgain')}
          </Button>
        }
      />
    );
  if (plan.data === undefined)
    return (
      <p className="fg3" aria-busy="true">
        <Skeleton width={180} /> {t('write.planning')}
      </p>
    );
  return children;
}
