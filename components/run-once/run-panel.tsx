'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { Section } from '@/components/shared/page-header';
import type { RunOnceResult } from '@/lib/contract/run-once';
import { useT } from '@/lib/i18n/use-t';
import { RunResult } from './run-result';

/** The answer on the job's page, with the way to the letter. */
export function RunPanel({ run, group }: { run: RunOnceResult; group: string }) {
  const t = useT('run-once');
  return (
    <Section panel title={t('panel')} className="mb12">
      <RunResult run={run} group={group} />
      <p className="small mt8">
        <ClusterLink className="link" href="/dead-letters/group" params={{ group, letter: run.id }}>
          {t('openLetter')}
        </ClusterLink>
      </p>
    </Section>
  );
}
