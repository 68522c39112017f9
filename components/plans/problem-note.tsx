'use client';
import type { ReactNode } from 'react';
import { Banner } from '@/components/shared/banner';
import { useT } from '@/lib/i18n/use-t';
import type { ApiProblem } from '@/lib/queries/fetcher';

/** Cause, next step, reference of a refused or unanswered request. */
export function ProblemNote({
  problem,
  tone = 'crit',
  actions,
  children,
}: {
  problem: ApiProblem;
  tone?: 'crit' | 'warn';
  actions?: ReactNode;
  children?: ReactNode;
}) {
  const t = useT('common');
  const isSilent = problem.code === 'console_unreachable';
  const cause = isSilent ? t('error.silent') : problem.message;
  const hint = isSilent ? t('error.silentHint') : problem.hint;
  const reference = [problem.code, problem.requestId].filter(Boolean).join(' ');
  return (
    <Banner tone={tone} actions={actions} className="mt8">
      <b>{cause}</b> {hint} {children} <span className="fg3 small mono">{reference}</span>
    </Banner>
  );
}
