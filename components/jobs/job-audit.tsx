'use client';
import { ClusterLink } from '@/components/shared/cluster-link';
import { CopyButton } from '@/components/shared/copy-button';
import { Section } from '@/components/shared/page-header';
import { Timeline } from '@/components/shared/timeline';
import { useFormat } from '@/components/shared/use-format';
import type { JobDetail } from '@/lib/contract/jobs';
import { counted } from '@/lib/format/numbers';
import { useT } from '@/lib/i18n/use-t';

/** Who did what, chained by hash; and the same call for a shell. */
export function JobAudit({ job }: { job: JobDetail }) {
  const t = useT('jobs');
  const f = useFormat();
  return (
    <Section
      panel
      title={t('audit.title')}
      note={t('audit.entries', counted(job.audit.length))}
      right={
        <ClusterLink className="link" href="/audit" params={{ q: job.id, last: 'all' }}>
          {t('audit.open')}
        </ClusterLink>
      }
    >
      <Timeline
        short
        label={t('audit.title')}
        events={job.audit.map(({ at, phase, action, outcome, hash }) => ({
          id: hash,
          time: f.time(at),
          tone: outcome === 'success' ? 'ok' : outcome === 'denied' || outcome === 'failure' ? 'crit' : 'info',
          icon: outcome === 'success' ? 'consumed' : outcome === 'denied' || outcome === 'failure' ? 'dead' : 'play',
          title: <span className="mono small">{action}</span>,
          detail: (
            <>
              {t('audit.line', {
                phase: t.has(`phase.${phase}` as never) ? t(`phase.${phase}` as never) : phase,
                outcome: t.has(`audit_outcome.${outcome}` as never) ? t(`audit_outcome.${outcome}` as never) : outcome,
              })}{' '}
              <span className="mono fg3" data-tip={hash}>
                {hash.slice(0, 10)}
              </span>
            </>
          ),
        }))}
      />
      {job.curl ? (
        <>
          <p className="h3 small mt8">
            {t('curl')} <CopyButton text={job.curl} what={t('curlWhat')} />
          </p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so it must be reachable by keyboard */}
          <pre className="code max-h-[160px]" tabIndex={0}>
            {job.curl}
          </pre>
        </>
      ) : null}
    </Section>
  );
}
